using Actors.Dispatch.Files;
using Actors.Sdk;

namespace Actors.Host.Doctor;

/// <summary>Checks whether the daemon can write its journal.</summary>
internal static class JournalFindings
{
    private const string Subject = "journal";
    private static readonly Kib Tight = Kib.FromMiB(1);

    /// <param name="path">The journal.</param>
    /// <param name="daemonRuns">Whether a daemon runs, which creates its journal when it starts.</param>
    public static DoctorFinding Of(string path, bool daemonRuns)
    {
        if (RegularFile.Problem(path) is { } problem)
            return new DoctorFinding(Subject, FindingStatus.Bad, problem, "choose another file with 'journal' in the configuration, or with --journal");
        if (!File.Exists(path))
        {
            return daemonRuns
                ? new DoctorFinding(Subject, FindingStatus.Missing, $"the daemon could not create {path}, so outcomes are not kept", "check its folder and the daemon's log")
                : DoctorFinding.Ok(Subject, $"{path} does not exist yet; the daemon creates it");
        }
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            var free = new Kib(new DriveInfo(Path.GetFullPath(path)).AvailableFreeSpace >> 10);
            return free < Tight
                ? new DoctorFinding(Subject, FindingStatus.Missing, $"the disk of {path} is full, so outcomes are not kept", "free some space there")
                : DoctorFinding.Ok(Subject, $"{path} is writable");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new DoctorFinding(Subject, FindingStatus.Missing, $"{path} is not writable, so outcomes are not kept: {error.Message}", "check its permissions and its file system");
        }
    }
}
