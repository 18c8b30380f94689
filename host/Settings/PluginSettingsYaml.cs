using Actors.Isolation.Messages;
using Actors.Loading.Settings;
using Actors.Yaml;

namespace Actors.Host.Settings;

/// <summary>Reads the settings of plugins: for each id a group of keys that only the plugin knows.</summary>
internal static class PluginSettingsYaml
{
    public const string Key = "plugin_settings";

    /// <summary>Returns the settings by id; <see langword="null"/> if the file has no such key.</summary>
    /// <param name="reader">The keys of the file.</param>
    /// <param name="file">The path of the file, for the messages about its values.</param>
    public static IReadOnlyDictionary<string, SettingsBody>? Read(YamlReader reader, string file)
    {
        if (reader.Group(Key) is not { } group)
            return null;
        var settings = new Dictionary<string, SettingsBody>();
        foreach (var entry in ((YamlMap)reader.Node(Key)!).Entries)
        {
            if (group.Group(entry.Key) is not null)
                settings[entry.Key] = SettingsSource.Of(file, (YamlMap)entry.Value) with { IdLine = entry.At.Line, IdColumn = entry.At.Column };
        }
        return settings;
    }

    /// <summary>Whether two settings have the same values.</summary>
    public static bool AreEqual(IReadOnlyDictionary<string, SettingsBody> one, IReadOnlyDictionary<string, SettingsBody> other) =>
        one.Count == other.Count && one.All(entry => SettingsSource.AreEqual(entry.Value, other.GetValueOrDefault(entry.Key)));
}
