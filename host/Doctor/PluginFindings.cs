using Actors.Isolation.Messages;
using Actors.Loading.Markers;
using Actors.Loading.Settings;

namespace Actors.Host.Doctor;

/// <summary>Lists the plugins that are left out because daemons died of them, and the settings of plugins that do not exist.</summary>
internal static class PluginFindings
{
    private const string Subject = "plugins";

    /// <param name="settings">The settings of plugins in the configuration, by id.</param>
    /// <param name="plugins">The ids of the plugins that exist.</param>
    public static IEnumerable<DoctorFinding> Of(IReadOnlyDictionary<string, SettingsBody> settings, IReadOnlyList<string> plugins) =>
        UnknownPlugins.Warnings(settings, plugins).Select(warning => new DoctorFinding(
            Subject, FindingStatus.Missing, warning, "nothing to do if you add the plugin later; else fix the id ('actors plugin list' shows it), or remove its settings"));

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
