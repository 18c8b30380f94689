using System.Diagnostics;
using Actors.Chains.Model;
using Actors.Chains.Policies;
using Actors.Dispatch;
using Actors.Dispatch.Registry;
using Actors.Host.Tests.Loading.Containment;
using Actors.Sdk;

namespace Actors.Host.Tests.Dispatch;

/// <summary>Chains whose steps fail. ContainedActorTests covers the failures of a single actor.</summary>
internal sealed class ContainmentTests
{
    private static readonly Kib Half = Kib.FromMiB(512);

    [Test]
    public void A_chain_in_which_no_step_works_fails_with_every_reason() => TestWorld.Run(async world =>
    {
        await using var dispatch = await StartAsync(world, (_, _, _) => throw new InvalidOperationException("no"), "bad", "nobody");
        var domid = await world.CreateAsync("web-1");

        var state = await world.ReachAsync(domid, Half);

        Assert.That((state.Outcome, state.Reason), Is.EqualTo(
            ("failed", "bad: InvalidOperationException: no; nobody: there is no actor or policy 'nobody'; loaded: bad, good; waiting for the actor or policy; retried automatically")));
    });

    [Test]
    public void The_timeout_of_the_domain_applies_to_the_first_step() => TestWorld.Run(async world =>
    {
        await using var dispatch = await StartAsync(world, async (domain, _, cancellation) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, domain.Time, cancellation);
            throw new UnreachableException();
        }, "bad", "good");
        var domid = await world.CreateAsync("web-1");
        await world.SetAsync(domid, "timeout", "7");

        await world.ReachAsync(domid, Half);

        Assert.That(world.Journal.Single().Steps[0], Has.Property("Seconds").EqualTo(7).And.Property("Reason").StartsWith("time is up after 7s"));
    });

    [Test]
    public void The_timeout_of_the_domain_applies_to_no_other_step() => TestWorld.Run(async world =>
    {
        var directory = new ActorDirectory("chain");
        var hanging = new ScriptedActor(async (domain, _, cancellation) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, domain.Time, cancellation);
            throw new UnreachableException();
        });
        directory.SetActors([new("first", hanging), new("second", hanging), new("third", hanging)]);
        var steps = new[] { ("first", 60), ("second", 20), ("third", 3) };
        var policy = new Policy { Name = "chain", Steps = [.. steps.Select(step => new PolicyStep(step.Item1, TimeSpan.FromSeconds(step.Item2), null))] };
        directory.SetPolicies([new("chain", new ChainPolicy(policy, directory))]);
        await using var dispatch = await world.StartDispatchAsync(directory);
        var domid = await world.CreateAsync("web-1");
        await world.SetAsync(domid, "timeout", "7");

        await world.ReachAsync(domid, Half);

        Assert.That(world.Journal.Single().Steps.Select(step => step.Seconds), Is.EqualTo(new[] { 7.0, 20, 3 }));
    });

    private static Task<DomainWatcher> StartAsync(
        TestWorld world, Func<IDomain, TargetRequest, CancellationToken, Task<Outcome>> bad, params string[] steps)
    {
        var directory = new ActorDirectory("chain");
        directory.SetActors(
        [
            new("bad", new ScriptedActor(bad)),
            new("good", new ScriptedActor((_, request, _) => Task.FromResult(Outcome.Reached(request.Target, "done")))),
        ]);
        var policy = new Policy { Name = "chain", Steps = [.. steps.Select(step => new PolicyStep(step, null, null))] };
        directory.SetPolicies([new("chain", new ChainPolicy(policy, directory))]);
        return world.StartDispatchAsync(directory);
    }
}
