using System.Runtime.CompilerServices;
using Actors.Loading.LoadContexts;
using Actors.Loading.Reload;
using Actors.Sdk.Testing;

namespace Actors.Host.Conformance;

/// <summary>Whether a plugin that has worked is gone from memory when it is unloaded.</summary>
internal static class Unloading
{
    private const int Collections = 20;

    public static PluginFinding Try(Func<LoadedPlugin> load)
    {
        var proof = WorkAndUnload(load);
        for (var i = 0; i < Collections && !proof.IsGone; i++)
            UnloadProof.Collect();
        proof.CleanUp();
        return !proof.IsGone
            ? Finding(RuleVerdict.Fail, "it is still there. The usual causes: a subscription to a static event that was not taken back, a thread or loop "
                + "that goes on, a GCHandle, JsonSerializer or TypeDescriptor on types of its own by reflection")
            : Finding(RuleVerdict.Pass, "");
    }

    public static PluginFinding Finding(RuleVerdict verdict, string detail) => new(
        null, "Unloaded, it is gone from memory", "each replacement would leave another copy in the host, until it is restarted", verdict, detail);

    // Everything that holds the plugin must have returned before it can go. A trial disposes of the actor.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static UnloadedPlugin WorkAndUnload(Func<LoadedPlugin> load)
    {
        var plugin = load();
        foreach (var actor in plugin.Actors.Values)
            new ActorTrial(() => actor, () => new SimulatedWorld()).Try(ActorRules.All[0]);
        return plugin.Unload();
    }
}
