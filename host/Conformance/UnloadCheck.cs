using System.Runtime.CompilerServices;
using Actors.Loading.LoadContexts;
using Actors.Loading.Reload;
using Actors.Sdk.Testing;

namespace Actors.Host.Conformance;

/// <summary>Checks that a plugin that has worked leaves memory when it is unloaded.</summary>
internal static class UnloadCheck
{
    private const int Collections = 20;

    public static PluginFinding Try(Func<LoadedPlugin> load)
    {
        var proof = WorkAndUnload(load);
        for (var i = 0; i < Collections && !proof.IsGone; i++)
            UnloadProof.Collect();
        proof.CleanUp();
        return !proof.IsGone
            ? Finding(RuleVerdict.Fail, "it is still there. The usual causes: a subscription to a static event that was never removed, a thread or loop "
                + "that keeps running, a GCHandle, reflection by JsonSerializer or TypeDescriptor on its own types")
            : Finding(RuleVerdict.Pass, "");
    }

    public static PluginFinding Finding(RuleVerdict verdict, string detail) => new(
        null, "Unloaded, it is gone from memory", "otherwise each replacement leaves another copy in the host until the host is restarted", verdict, detail);

    // Every frame that references the plugin must have returned before it can be collected. A trial disposes of the actor.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IUnloadedPlugin WorkAndUnload(Func<LoadedPlugin> load)
    {
        var plugin = load();
        foreach (var actor in plugin.Actors.Values)
            new ActorTrial(() => actor, () => new SimulatedRuleHost()).Try(ActorRules.All[0]);
        return plugin.Unload();
    }
}
