using Actors.Isolation.Messages;
using Actors.Yaml;

namespace Actors.Loading.Settings;

/// <summary>Makes the settings of plugins from the sections of files. Pure.</summary>
internal static class SettingsSource
{
    /// <summary>The settings in a group of keys of one file.</summary>
    public static SettingsBody Of(string file, YamlMap map) => new([file], NodeOf(map, 0));

    /// <summary>The operator's settings over the plugin's own; <see langword="null"/> if there are none. Groups are merged key by key, and everything else is replaced.</summary>
    public static SettingsBody? Merge(SettingsBody? own, SettingsBody? operators)
    {
        if (own is null || operators is null)
            return operators ?? own;
        return new SettingsBody([.. own.Files, .. operators.Files], Merge(own.Root, Moved(operators.Root, own.Files.Count)));
    }

    /// <summary>Whether two settings have the same values, wherever those are in the files.</summary>
    public static bool AreEqual(SettingsBody? one, SettingsBody? other) => one is null || other is null ? one is null && other is null : AreEqual(one.Root, other.Root);

    private static SettingNode NodeOf(YamlNode node, int file) => node switch
    {
        YamlText text => new SettingNode(file, node.At.Line, node.At.Column) { Text = text.Value },
        YamlList list => new SettingNode(file, node.At.Line, node.At.Column) { Items = [.. list.Items.Select(item => NodeOf(item, file))] },
        _ => new SettingNode(file, node.At.Line, node.At.Column)
        {
            Keys = [.. ((YamlMap)node).Entries.Select(entry => new SettingEntry(entry.Key, file, entry.At.Line, entry.At.Column, NodeOf(entry.Value, file)))],
        },
    };

    private static SettingNode Merge(SettingNode own, SettingNode operators)
    {
        if (own.Keys is not { } keys || operators.Keys is not { } over)
            return operators;
        var merged = keys.Select(key => over.FirstOrDefault(other => other.Name == key.Name) is { } other ? other with { Value = Merge(key.Value, other.Value) } : key);
        return operators with { Keys = [.. merged, .. over.Where(other => keys.All(key => key.Name != other.Name))] };
    }

    private static SettingNode Moved(SettingNode node, int files) => node with
    {
        File = node.File + files,
        Items = node.Items is { } items ? [.. items.Select(item => Moved(item, files))] : null,
        Keys = node.Keys is { } keys ? [.. keys.Select(key => key with { File = key.File + files, Value = Moved(key.Value, files) })] : null,
    };

    private static bool AreEqual(SettingNode one, SettingNode other) => one.Text == other.Text
        && (one.Items is null ? other.Items is null : other.Items is not null && one.Items.Count == other.Items.Count && one.Items.Zip(other.Items).All(pair => AreEqual(pair.First, pair.Second)))
        && (one.Keys is null ? other.Keys is null : other.Keys is not null && one.Keys.Count == other.Keys.Count
            && one.Keys.Zip(other.Keys).All(pair => pair.First.Name == pair.Second.Name && AreEqual(pair.First.Value, pair.Second.Value)));
}
