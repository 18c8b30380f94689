using Actors.Loading.Compatibility;
using Actors.Loading.Containment;
using Actors.Yaml;

namespace Actors.Host.Settings;

/// <summary>Reads what the operator grants to plugins: for each id <c>in-process</c>, or a group of grants.</summary>
internal static class IsolationYaml
{
    public const string Key = "isolation";

    private const string InProcess = "in-process", OwnProcess = "process";

    /// <summary>Returns the grants; <see langword="null"/> if the file has no such key.</summary>
    public static IReadOnlyDictionary<string, PluginGrant>? Read(YamlReader reader)
    {
        if (reader.Group(Key) is not { } group)
            return null;
        var grants = new Dictionary<string, PluginGrant>();
        foreach (var id in group.Keys.ToList())
            grants[id] = GrantOf(group, id);
        group.Finish();
        return grants;
    }

    private static PluginGrant GrantOf(YamlReader group, string id) => group.Node(id) is YamlMap ? GrantsOf(group.Group(id)!)
        : new PluginGrant
        {
            InProcess = group.Parsed<bool>(id, $"{OwnProcess}, {InProcess} or a group of grants", text => text switch
            {
                InProcess => (true, null),
                OwnProcess => (false, null),
                _ => (false, $"expected {OwnProcess}, {InProcess} or a group of grants"),
            })?.Value ?? false,
        };

    private static PluginGrant GrantsOf(YamlReader reader)
    {
        var grant = new PluginGrant
        {
            InProcess = reader.Flag("in_process") ?? false,
            Memory = Manifest.MemoryOf(reader),
            Network = reader.Flag("network") ?? false,
            Programs = reader.Flag("programs") ?? false,
            Domains = reader.Flag("domains") ?? false,
            HostMemory = reader.Flag("host_memory") ?? true,
            Mechanisms = MechanismsOf(reader),
        };
        reader.Finish();
        return grant;
    }

    private static List<string>? MechanismsOf(YamlReader reader)
    {
        if (reader.Node("mechanisms") is null)
            return null;
        var names = reader.Words("mechanisms");
        foreach (var name in names.Where(name => !PluginPermissions.MechanismNames.Contains(name.Value)))
            reader.Problem(name.At, $"there is no mechanism {name.Kind}; known: {string.Join(", ", PluginPermissions.MechanismNames)}");
        return [.. names.Select(name => name.Value)];
    }
}
