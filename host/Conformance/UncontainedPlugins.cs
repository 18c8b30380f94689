using System.Collections.Concurrent;
using Actors.Loading.Compatibility;
using Actors.Loading.Containment;
using Actors.Loading.Files;
using Actors.Loading.LoadContexts;

namespace Actors.Host.Conformance;

/// <summary>Loads a plugin as often as needed, and hands out its actors without containment.</summary>
internal sealed class UncontainedPlugins(string folder, PluginHealth unobserved) : IDisposable
{
    private readonly ConcurrentBag<LoadedPlugin> _loaded = [];

    /// <summary>Loads the plugin once more. The health counts the exceptions that its code throws on its own threads and timers.</summary>
    /// <exception cref="PluginException">The plugin cannot be loaded.</exception>
    public LoadedPlugin Load()
    {
        var found = Candidate.Read(folder).Fitting();
        var loaded = LoadedPlugin.Load(found.Image!, found.Manifest!, context => UnobservedErrors.Register(context, unobserved));
        _loaded.Add(loaded);
        return loaded;
    }

    /// <summary>Unloads every plugin that is still loaded.</summary>
    public void Dispose()
    {
        foreach (var plugin in _loaded.Where(plugin => plugin.Actors.Count > 0))
            plugin.Unload().CleanUp();
    }
}
