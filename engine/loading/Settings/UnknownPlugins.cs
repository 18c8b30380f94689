using Actors.Isolation.Messages;
using Actors.Sdk.Text;

namespace Actors.Loading.Settings;

/// <summary>Finds settings of plugins that do not exist. They are no error, because the plugin may be added later. Pure.</summary>
internal static class UnknownPlugins
{
    /// <summary>Returns a warning for each id without a plugin, in the order of the file.</summary>
    /// <param name="settings">The operator's settings by the id of the plugin.</param>
    /// <param name="plugins">The ids of the plugins that exist.</param>
    public static IReadOnlyList<string> Warnings(IReadOnlyDictionary<string, SettingsBody> settings, IEnumerable<string> plugins)
    {
        var known = plugins.ToList();
        return [.. settings.Where(entry => !known.Contains(entry.Key)).OrderBy(entry => (entry.Value.IdLine, entry.Value.IdColumn)).Select(entry =>
            $"{entry.Value.Files[0]}:{entry.Value.IdLine}:{entry.Value.IdColumn}: there is no plugin '{Printable.Of(entry.Key, 64)}', so its settings have no effect; "
            + (Suggestion.For(entry.Key, known) is { } meant ? $"did you mean '{meant}'?" : "they count when the plugin is added"))];
    }
}
