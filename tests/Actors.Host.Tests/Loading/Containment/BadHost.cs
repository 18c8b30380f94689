using Actors.Chains.Model;
using Actors.Chains.Policies;
using Actors.Dispatch;
using Actors.Dispatch.Registry;
using Actors.Host.Logging;
using Actors.Loading;
using Actors.Loading.Containment;
using Actors.Sdk;

namespace Actors.Host.Tests.Loading.Containment;

/// <summary>Dispatch with a misbehaving plugin, and a chain that tries it before the balloon.</summary>
internal sealed record BadHost(DomainWatcher Dispatch, PluginHealth Health)
{
    public static Task<BadHost> StartAsync(TestWorld world, Func<IDomain, TargetRequest, CancellationToken, Task<Outcome>> reach) =>
        StartAsync(world, new ScriptedActor(reach));

    public static async Task<BadHost> StartAsync(TestWorld world, IActor actor)
    {
        var containment = PluginContainment.OnLoop(world.Services);
        var bad = containment.Prepare("bad", isShipped: false);
        var directory = new ActorDirectory("chain");
        PluginCatalog.Load(ProgramFolder.Plugins, directory, containment, world.Time, Log.Silent);
        directory.SetActors([new("balloon", directory.FindActor("balloon")!.Actor), new("bad", bad.Contain(actor))]);
        var policy = new Policy { Name = "chain", Steps = [new("bad", null, null), new("balloon", null, null)] };
        directory.SetPolicies([new("chain", new ChainPolicy(policy, directory))]);
        return new BadHost(await world.StartDispatchAsync(directory), bad.Health);
    }
}
