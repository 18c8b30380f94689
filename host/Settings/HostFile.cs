using Actors.Chains.Yaml;
using Actors.Sdk;
using Actors.Yaml;

namespace Actors.Host.Settings;

/// <summary>What an operator set for the host as a whole, in a file: <see langword="null"/> wherever it says nothing. The command line overrides it.</summary>
internal sealed record HostFile
{
    public string? DefaultPolicy { get; private init; }

    public IReadOnlyList<string>? Shadows { get; private init; }

    public string? PluginFolder { get; private init; }

    public string? PolicyFolder { get; private init; }

    public string? JournalPath { get; private init; }

    /// <summary>How far one plugin may make the heap grow.</summary>
    public Kib? PluginMemory { get; private init; }

    /// <summary><see langword="null"/> when something is wrong; the problems say what, all of it.</summary>
    /// <param name="text">The file's.</param>
    /// <param name="folder">Where it lies: a path in it that is not absolute begins there.</param>
    /// <param name="problems">Hears what is wrong.</param>
    public static HostFile? Parse(string text, string folder, YamlProblems problems)
    {
        // As it is shipped: there to be read, and saying nothing.
        if (text.Split('\n').All(line => line.Trim() is "" or ['#', ..]))
            return new HostFile();
        if (YamlFile.Parse(text, problems) is not { } map)
            return null;
        var reader = new YamlReader(map, problems);
        string? Place(string key) => reader.Text(key) is { } path ? Path.GetFullPath(path, folder) : null;
        var file = new HostFile
        {
            DefaultPolicy = reader.Parsed<string>("default_policy", "a policy's name", NameOf)?.Value,
            Shadows = ShadowsOf(reader),
            PluginFolder = Place("plugins"),
            PolicyFolder = Place("policies"),
            JournalPath = Place("journal"),
            PluginMemory = MemoryOf(reader),
        };
        reader.Finish();
        return problems.Any ? null : file;
    }

    private static (string, string?) NameOf(string text) =>
        PolicyYaml.IsName(text) ? (text, null) : ("", $"expected a policy's name: {PolicyYaml.NameRule}");

    private static List<string>? ShadowsOf(YamlReader reader)
    {
        if (reader.Node("shadow") is null)
            return null;
        var shadows = reader.Words("shadow");
        foreach (var shadow in shadows)
        {
            if (NameOf(shadow.Value) is (_, { } error))
                reader.Problem(shadow.At, $"'shadow': {error}, found {shadow.Kind}");
        }
        return [.. shadows.Select(shadow => shadow.Value)];
    }

    private static Kib? MemoryOf(YamlReader reader)
    {
        var memory = reader.Size("plugin_memory");
        if (memory < Kib.FromMiB(1))
            reader.Problem(reader.Node("plugin_memory")!.At, "'plugin_memory' must be 1MiB at least");
        return memory;
    }
}
