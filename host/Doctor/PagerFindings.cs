using Actors.Sdk;
using Actors.Xen;
using Actors.Xen.Paging;

namespace Actors.Host.Doctor;

/// <summary>Whether a pager could be started: its program, and room for its page file.</summary>
internal static class PagerFindings
{
    public static IEnumerable<DoctorFinding> Of(XenFeatures? xen, IPagingProgram program, PageFileFolder room)
    {
        yield return program.WhyNot is { } missing
            ? new DoctorFinding("xenpaging", Standing.Lacks, missing, "needed by the actor 'paging' alone")
            : DoctorFinding.Ok("xenpaging", $"is at {program.Path}");
        if (program.Path is not null && !File.Exists(XenPagingProgram.Answers))
            yield return new DoctorFinding("xenpaging's answers", Standing.Lacks, $"{Path.GetFileName(XenPagingProgram.Answers)} is not beside this program",
                "without it a guest that touches a page that is paged out stands still for ever; take the published program");
        var free = room.Free();
        var largest = xen?.LargestPageable ?? Kib.Zero;
        yield return PageFileFolder.WhyNot(free, largest, Kib.Zero, room.Path) is { } tight
            ? new DoctorFinding("page files", Standing.Lacks, tight, "a domain for which there is no room is not paged")
            : DoctorFinding.Ok("page files", $"{free?.ToString() ?? "an unknown amount"} free in {room.Path}");
    }
}
