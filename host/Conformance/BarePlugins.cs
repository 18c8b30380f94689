using System.Collections.Concurrent;
using Actors.Loading.Compatibility;
using Actors.Loading.Containment;
using Actors.Loading.Files;
using Actors.Loading.LoadContexts;

namespace Actors.Host.Conformance;

/// <summary>Loads a plugin as often as it is asked to, its actors as they are, with nothing between them and who calls.</summary>
internal sealed class BarePlugins(string folder, PluginHealth stray) : IDisposable
{
    private readonly ConcurrentBag<LoadedPlugin> _loaded = [];

    /// <summary>What its code throws where nobody waits is told to the health.</summary>
    /// <exception cref="PluginException">It cannot be loaded.</exception>
    public LoadedPlugin Load()
    {
        var found = Candidate.Read(folder);
        if (!found.Verdict.Fits)
            throw new PluginException(string.Join('\n', found.Verdict.Problems.Select(problem => $"{folder}: {found.Verdict.Word}: {problem}")));
        var loaded = LoadedPlugin.Load(found.Image!, found.Manifest!, context => UnobservedErrors.Register(context, stray));
        _loaded.Add(loaded);
        return loaded;
    }

    /// <summary>Unloads all that are still there.</summary>
    public void Dispose()
    {
        foreach (var plugin in _loaded.Where(plugin => plugin.Actors.Count > 0))
            plugin.Unload().CleanUp();
    }
}
