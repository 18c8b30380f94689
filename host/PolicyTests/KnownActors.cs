using Actors.Chains.Files;
using Actors.Loading.Compatibility;
using Actors.Yaml;

namespace Actors.Host.PolicyTests;

/// <summary>Reads the names of actors from the manifests in a folder of plugins, without loading a plugin.</summary>
internal static class KnownActors
{
    /// <summary>The names of all actors in a folder, ordered.</summary>
    public static IReadOnlyList<string> In(string folder) => !Directory.Exists(folder)
        ? []
        : [.. Directory.EnumerateDirectories(folder)
            .Select(plugin => Path.Combine(plugin, Manifest.FileName))
            .Where(File.Exists)
            .SelectMany(ActorsOf)
            .Distinct()
            .Order(StringComparer.Ordinal)];

    // The daemon reports a broken manifest; here it names no actors.
    private static IEnumerable<string> ActorsOf(string file)
    {
        var problems = new YamlProblems(file);
        return PolicyText.Read(file, problems) is { } text && Manifest.Parse(text, problems) is { } manifest ? manifest.Actors : [];
    }
}
