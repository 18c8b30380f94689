using Actors.Loading.Markers;

namespace Actors.Host.Doctor;

/// <summary>Lists the plugins that are left out because daemons died of them.</summary>
internal static class PluginFindings
{
    private const string Subject = "plugins";

    /// <param name="markers">The daemon's record of what works in its process.</param>
    public static IReadOnlyList<DoctorFinding> Of(string markers)
    {
        try
        {
            return [.. WorkMarkers.LeftOutIn(markers).Select(marker => new DoctorFinding(
                Subject, FindingStatus.Missing, $"plugin '{marker.Plugin}': {MarkerRules.LeftOut(marker)}",
                "run it in a process of its own: remove its 'in-process' from 'isolation' in actors.yaml"))];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [new DoctorFinding(Subject, FindingStatus.Missing, $"it is unknown whether plugins are left out: {error.Message}", "check the permissions of the file")];
        }
    }
}
