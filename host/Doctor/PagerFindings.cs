using Actors.Sdk;
using Actors.Xen;
using Actors.Xen.Paging;

namespace Actors.Host.Doctor;

/// <summary>Checks whether a pager can start: its program, and the space for its page file.</summary>
internal static class PagerFindings
{
    public static IEnumerable<DoctorFinding> Of(XenFeatures? xen, IPagingProgram program, PageFileFolder folder)
    {
        yield return program.WhyNot is { } missing
            ? new DoctorFinding("xenpaging", FindingStatus.Missing, missing, "only the actor 'paging' needs it")
            : DoctorFinding.Ok("xenpaging", $"found at {program.Path}");
        if (program.Path is not null && !File.Exists(XenPagingProgram.Answers))
            yield return new DoctorFinding("xenpaging's answers", FindingStatus.Missing, $"{Path.GetFileName(XenPagingProgram.Answers)} is not next to this program",
                "without it, a guest that touches a paged-out page hangs forever; install the published program");
        var free = folder.Free();
        var largest = xen?.LargestPageable ?? Kib.Zero;
        yield return PageFileFolder.WhyNot(free, largest, Kib.Zero, folder.Path) is { } tooSmall
            ? new DoctorFinding("page files", FindingStatus.Missing, tooSmall, "free some space there; a domain whose page file does not fit is not paged")
            : DoctorFinding.Ok("page files", $"{free?.ToString() ?? "an unknown amount"} free in {folder.Path}");
    }
}
