using Actors.Chains.Files;
using Actors.Loading.Compatibility;
using Actors.Yaml;

namespace Actors.Host.PolicyTests;

/// <summary>The names of actors, from the manifests in a folder of plugins; no plugin is loaded.</summary>
internal static class KnownActors
{
    public static IReadOnlyList<string> In(string folder) => !Directory.Exists(folder)
        ? []
        : [.. Directory.EnumerateDirectories(folder)
            .Select(plugin => Path.Combine(plugin, Manifest.FileName))
            .Where(File.Exists)
            .SelectMany(ActorsOf)
            .Distinct()
            .Order(StringComparer.Ordinal)];

    // A manifest that is wrong is for the daemon to tell of.
    private static IEnumerable<string> ActorsOf(string file)
    {
        var problems = new YamlProblems(file);
        return PolicyText.Read(file, problems) is { } text && Manifest.Parse(text, problems) is { } manifest ? manifest.Actors : [];
    }
}
