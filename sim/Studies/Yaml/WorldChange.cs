using System.Globalization;
using Actors.Yaml;

namespace Actors.Sim.Studies.Yaml;

/// <summary>
/// Changes one value in the YAML of a world, as a variant requests: <c>domains.web.guest.swap</c>. An item of a list is named by its
/// <c>name</c>, by its number from 0, or by <c>*</c> for all of them.
/// </summary>
internal static class WorldChange
{
    private const string All = "*";

    /// <summary>Returns the changed world, or an error.</summary>
    public static (YamlMap World, string? Error) Apply(YamlMap world, string path, YamlNode value)
    {
        try
        {
            return ((YamlMap)Change(world, path.Split('.'), path, value), null);
        }
        catch (FormatException error)
        {
            return (world, error.Message);
        }
    }

    private static YamlNode Change(YamlNode node, ReadOnlySpan<string> path, string whole, YamlNode value)
    {
        if (path.IsEmpty)
            return value;
        if (path[0].Length == 0)
            throw new FormatException($"'{YamlText.Shown(whole)}' is not a path such as domains.web.guest.swap");
        return node switch
        {
            YamlMap map => InMap(map, path, whole, value),
            YamlList list => InList(list, path, whole, value),
            _ => throw new FormatException($"'{YamlText.Shown(whole)}': there is no '{YamlText.Shown(path[0])}' in {node.Kind}"),
        };
    }

    private static YamlMap InMap(YamlMap map, ReadOnlySpan<string> path, string whole, YamlNode value)
    {
        var entries = map.Entries.ToList();
        var key = path[0];
        var index = entries.FindIndex(entry => entry.Key == key);
        var before = index < 0 ? new YamlMap(value.At, []) : entries[index].Value;
        var entry = new YamlEntry(index < 0 ? value.At : entries[index].At, key, Change(before, path[1..], whole, value));
        if (index < 0)
            entries.Add(entry);
        else
            entries[index] = entry;
        return map with { Entries = entries };
    }

    private static YamlList InList(YamlList list, ReadOnlySpan<string> path, string whole, YamlNode value)
    {
        var (items, any) = (list.Items.ToList(), false);
        for (var index = 0; index < items.Count; index++)
        {
            if (!IsNamed(items[index], index, path[0]))
                continue;
            items[index] = Change(items[index], path[1..], whole, value);
            any = true;
        }
        return any
            ? list with { Items = items }
            : throw new FormatException($"'{YamlText.Shown(whole)}': there is no '{YamlText.Shown(path[0])}' in the world");
    }

    private static bool IsNamed(YamlNode item, int index, string name) =>
        name == All
        || name == index.ToString(CultureInfo.InvariantCulture)
        || (item is YamlMap map && map.Entries.Any(entry => entry is { Key: "name", Value: YamlText text } && text.Value == name));
}
