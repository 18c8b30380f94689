using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Host.Tests.Loading.Containment;
using Actors.Sdk;
using Actors.Sim.Memory;

namespace Actors.Host.Tests.Dispatch;

/// <summary>xenstored was restarted, and the new one rejects some watches for a while.</summary>
internal sealed class RejectedWatchTests
{
    private static readonly Kib Half = Kib.FromMiB(512);
    private static readonly Kib Less = Kib.FromMiB(400);

    [Test]
    public void Domains_whose_watches_are_accepted_are_served_and_the_others_as_soon_as_theirs_are() => TestWorld.Run(async world =>
    {
        world.Store = RejectedWatches.Of(world.DomainZero, out var watches);
        await using var dispatch = await world.StartDispatchAsync(Directory(world));
        var (one, two) = (await CreateAsync(world, "one"), await CreateAsync(world, "two"));
        await world.ReachAsync(one, Half);
        await world.ReachAsync(two, Half);

        watches.Rejects = path => path.StartsWith(PolicyKeys.Domain(one), StringComparison.Ordinal) || path == "@introduceDomain";
        await watches.LoseConnectionAsync();
        await world.ReachAsync(two, Less, TimeSpan.FromSeconds(10));
        var three = await CreateAsync(world, "three");
        await world.ReachAsync(three, Less, TimeSpan.FromSeconds(10));
        await world.SetTargetAsync(one, Less);
        await world.AfterAsync(60);
        Assert.That((await world.StateAsync(one))!.Target, Is.EqualTo(Half), "nothing reports the new target");
        Assert.That(world.Logged.Where(line => line.StartsWith("warn", StringComparison.Ordinal)), Has.Exactly(2).Contains("E2BIG"), "it is logged, but not every second");

        watches.Rejects = _ => false;
        await world.StateAsync(one, state => state.Final && state.Target == Less, TimeSpan.FromSeconds(10));
        await world.ReachAsync(one, Half, TimeSpan.FromSeconds(10));
    });

    [Test]
    public void A_domain_that_ends_while_its_watches_are_rejected_makes_room_for_the_next_one() => TestWorld.Run(async world =>
    {
        world.Store = RejectedWatches.Of(world.DomainZero, out var watches);
        await using var dispatch = await world.StartDispatchAsync(Directory(world));
        var one = await CreateAsync(world, "one");
        await world.ReachAsync(one, Half);
        watches.Rejects = path => path.StartsWith("/local/domain/", StringComparison.Ordinal);
        await watches.LoseConnectionAsync();
        await world.Toolstack.DestroyAsync(one);
        var two = await CreateAsync(world, "two");
        await world.AfterAsync(5);

        watches.Rejects = _ => false;
        await world.ReachAsync(two, Half, TimeSpan.FromSeconds(10));
        Assert.That(world.Logged, Has.None.Contains("could not be removed"));
    });

    // An actor that moves a domain at once.
    private static ActorDirectory Directory(TestWorld world)
    {
        var directory = new ActorDirectory("none");
        directory.SetActors([new PluginEntry("actor", new ScriptedActor((run, request, _) =>
        {
            var domain = world.Machine.Find(run.Identity.Domid)!;
            domain.Inflate(PageClass.Free, (domain.Info.Footprint - request.Target).ToPages());
            domain.Deflate((request.Target - domain.Info.Footprint).ToPages());
            return Task.FromResult(Outcome.Reached(domain.Info.Footprint, "done"));
        }))]);
        return directory;
    }

    private static async Task<int> CreateAsync(TestWorld world, string name)
    {
        var domid = await world.CreateAsync(name);
        await world.SetAsync(domid, "actor", "actor");
        return domid;
    }
}
