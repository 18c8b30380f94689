using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Actors.Host.Plugins;
using Actors.Sdk.Testing;

namespace Actors.Host.Conformance;

/// <summary>Whether a plugin that has worked is gone from memory when it is unloaded.</summary>
internal static class Unloading
{
    private const int Collections = 20;

    public static PluginFinding Try(string folder)
    {
        WeakReference world;
        try
        {
            world = WorkAndUnload(folder);
        }
        catch (Exception error)
        {
            return Finding(RuleVerdict.Fail, $"disposing of it a second time threw {error.GetType().Name}: {error.Message}");
        }
        for (var i = 0; i < Collections && world.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        return world.IsAlive
            ? Finding(RuleVerdict.Fail, "it is still there. The usual causes: a subscription to a static event that was not taken back, a thread or loop "
                + "that goes on, a GCHandle, JsonSerializer or TypeDescriptor on types of its own by reflection")
            : Finding(RuleVerdict.Pass, "");
    }

    public static PluginFinding Finding(RuleVerdict verdict, string detail) => new(
        null, "Unloaded, it is gone from memory", "each replacement would leave another copy in the host, until it is restarted", verdict, detail);

    // Everything that holds the plugin must have returned before it can go.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference WorkAndUnload(string folder)
    {
        var plugin = Plugin.Load(folder);
        var world = new WeakReference(AssemblyLoadContext.GetLoadContext(plugin.Actors.Values.First().GetType().Assembly), trackResurrection: true);
        foreach (var actor in plugin.Actors.Values)
            new ActorTrial(() => actor, () => new SimulatedWorld()).Try(ActorRules.All[0]);
        new SimulatedWorld().Run(async () => await plugin.DisposeAsync(), TimeSpan.FromMinutes(10));
        return world;
    }
}
