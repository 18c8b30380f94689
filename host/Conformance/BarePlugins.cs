using System.Collections.Concurrent;
using Actors.Host.Plugins;
using Actors.Host.Plugins.Containment;
using Actors.Host.Plugins.Loading;

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
        var loaded = LoadedPlugin.Load(found.Image!, found.Manifest!, context => StrayErrors.Own(context, stray));
        _loaded.Add(loaded);
        return loaded;
    }

    /// <summary>Removes the files of all that were loaded.</summary>
    public void Dispose()
    {
        foreach (var plugin in _loaded)
            plugin.RemoveShadow();
    }
}
