using System.Runtime.CompilerServices;
using Actors.Host.Plugins;
using Actors.Host.Plugins.Containment;
using Actors.Sdk;

namespace Actors.Host.Conformance;

/// <summary>A plugin's actors as they are, with nothing between them and who calls.</summary>
internal sealed class BarePlugin
{
    private PluginLoadContext? _context;

    private BarePlugin(PluginLoadContext context, IReadOnlyDictionary<string, IActor> actors) => (_context, Actors) = (context, actors);

    public IReadOnlyDictionary<string, IActor> Actors { get; private set; }

    /// <summary>Loads it; what it throws where nobody waits is told to its health.</summary>
    /// <exception cref="PluginException">It cannot be loaded; the message says why.</exception>
    public static BarePlugin Load(string folder, PluginHealth health)
    {
        var (context, actors) = Plugin.LoadActors(folder, context => StrayErrors.Own(context, health));
        return new BarePlugin(context, actors);
    }

    /// <summary>Lets go of everything; the answer tells, later, whether it is gone from memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public WeakReference Unload()
    {
        Actors = new Dictionary<string, IActor>();
        var proof = new WeakReference(_context, trackResurrection: true);
        _context!.Unload();
        _context = null;
        return proof;
    }
}
