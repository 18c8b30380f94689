using Actors.Chains.Files;
using Actors.Loading.Compatibility;
using Actors.Yaml;

namespace Actors.Host.PolicyTests;

/// <summary>Reads the names of plugins and actors from the manifests in a folder of plugins, without loading a plugin.</summary>
internal static class KnownActors
{
    /// <summary>The names of all actors in a folder, ordered.</summary>
    public static IReadOnlyList<string> In(string folder) => [.. FoldersIn(folder).SelectMany(plugin => ManifestOf(plugin)?.Actors ?? []).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The ids of all plugins in a folder, ordered. That of a plugin with a broken manifest is the name of its folder.</summary>
    public static IReadOnlyList<string> PluginsIn(string folder) =>
        [.. FoldersIn(folder).Select(plugin => ManifestOf(plugin)?.Id ?? Path.GetFileName(plugin)).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> FoldersIn(string folder) => Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [];

    // The daemon reports a broken manifest; here it names no actors.
    private static Manifest? ManifestOf(string plugin)
    {
        var file = Path.Combine(plugin, Manifest.FileName);
        var problems = new YamlProblems(file);
        return File.Exists(file) && PolicyText.Read(file, problems) is { } text ? Manifest.Parse(text, problems) : null;
    }
}
