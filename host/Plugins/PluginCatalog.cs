using Actors.Host.Dispatch;
using Actors.Host.Plugins.Containment;

namespace Actors.Host.Plugins;

/// <summary>All plugins in a folder of folders. A bad one is told about and stops no other.</summary>
internal sealed class PluginCatalog(IReadOnlyList<Plugin> plugins, IReadOnlyList<string> problems) : IAsyncDisposable
{
    /// <summary>What could not be loaded, a line each.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;

    public IEnumerable<ActorEntry> Entries =>
        plugins.SelectMany(plugin => plugin.Actors.Select(actor => new ActorEntry(actor.Key, actor.Value) { Needs = plugin.Manifest.Needs }));

    public static PluginCatalog Load(string folder, PluginContainment containment)
    {
        var plugins = new List<Plugin>();
        var problems = new List<string>();
        if (!Directory.Exists(folder))
            problems.Add($"{folder}: there is no such folder, so no plugin is loaded");
        else
            foreach (var path in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
                Add(path, containment, plugins, problems);
        return new PluginCatalog(plugins, problems);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var plugin in plugins)
            await plugin.DisposeAsync();
    }

    private static void Add(string path, PluginContainment containment, List<Plugin> plugins, List<string> problems)
    {
        try
        {
            var plugin = Plugin.Load(path, containment);
            if (plugin.Actors.Keys.FirstOrDefault(name => plugins.Any(other => other.Actors.ContainsKey(name))) is { } twice)
                problems.Add($"{path}: the actor '{twice}' is carried by another plugin already; remove one of the two");
            else
                plugins.Add(plugin);
        }
        catch (Exception error) when (error is PluginException or IOException or UnauthorizedAccessException)
        {
            problems.Add(error.Message);
        }
    }
}
