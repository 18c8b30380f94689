using Actors.Dispatch;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Dispatch.Registry;
using Actors.Host.Tests.Loading.Containment;
using Actors.Sdk;
using NSubstitute;

namespace Actors.Host.Tests.Dispatch;

/// <summary>One domain and actors made for the test.</summary>
internal sealed class MailboxTests
{
    private static readonly Kib Half = Kib.FromMiB(512);

    [TestCase("xl:chain")]
    [TestCase("xl")]
    public void A_new_actor_key_releases_the_engaged_actors_from_the_last_to_the_first(string before) => TestWorld.Run(async world =>
    {
        var released = new List<string>();
        var directory = Directory(new()
        {
            ["first"] = Actor(Reached, () => released.Add("first")),
            ["second"] = Actor(Reached, () => released.Add("second")),
            ["third"] = Actor(Reached, () => released.Add("third")),
            ["other"] = Actor(Reached),
        });
        var domid = await world.CreateAsync("web-1");
        await world.SetAsync(domid, "actor", "first");
        await world.SetAsync(domid, "state", $"outcome=reached actor=third step=3 target=1 footprint=1 since=2026-01-01T00:00:00.000Z serial=1 via={before} engaged=first,second,third reason=\"\"");
        await world.SetTargetAsync(domid, Half);
        await using var dispatch = await world.StartDispatchAsync(directory);

        await world.StateAsync(domid, state => state.Final && state.Target == Half);
        Assert.That(released, Is.EqualTo(new[] { "third", "second", "first" }));

        await world.SetAsync(domid, "actor", "other");
        await world.StateAsync(domid, state => state.Actor == "other");
        Assert.That(released, Is.EqualTo(new[] { "third", "second", "first", "first" }), "and each is released once");
    });

    [Test]
    public void After_a_bad_target_a_new_actor_key_still_releases_what_is_engaged() => TestWorld.Run(async world =>
    {
        var released = new List<string>();
        await using var dispatch = await world.StartDispatchAsync(Directory(new() { ["first"] = Actor(Reached, () => released.Add("first")), ["other"] = Actor(Reached) }));
        var domid = await world.CreateAsync("web-1");
        await world.SetAsync(domid, "actor", "first");
        await world.ReachAsync(domid, Half);

        await world.SetAsync(domid, "target", "lots");
        await world.StateAsync(domid, state => state.Outcome == "unable");
        await world.SetAsync(domid, "actor", "other");
        await world.SetTargetAsync(domid, Half);

        await world.StateAsync(domid, state => state.Final && state.Actor == "other");
        Assert.That(released, Is.EqualTo(new[] { "first" }));
    });

    [Test]
    public void A_target_that_returns_after_a_bad_one_gets_the_outcome_of_the_run_that_went_on() => TestWorld.Run(async world =>
    {
        var (calls, work) = (0, new TaskCompletionSource<Outcome>());
        await using var dispatch = await world.StartDispatchAsync(Directory(new() { ["actor"] = Actor((_, _, _) => { calls++; return work.Task; }) }));
        var domid = await world.CreateAsync("web-1");
        await world.SetAsync(domid, "actor", "actor");
        await world.SetTargetAsync(domid, Half);
        await world.AfterAsync(1);
        await world.SetAsync(domid, "target", "lots");
        await world.StateAsync(domid, state => state.Outcome == "unable");

        await world.SetTargetAsync(domid, Half);
        await world.AfterAsync(1);
        work.SetResult(Outcome.Reached(Half, "there"));

        Assert.That((await world.StateAsync(domid, state => state.Final && state.Target == Half)).Reason, Is.EqualTo("there"));
        Assert.That(calls, Is.EqualTo(1));
    });

    [Test]
    public void A_different_target_replaces_the_running_one_and_the_same_target_does_not() => TestWorld.Run(async world =>
    {
        var requests = new List<Kib>();
        var directory = Directory(new()
        {
            ["slow"] = Actor(async (domain, request, cancellation) =>
            {
                requests.Add(request.Target);
                await Task.Delay(TimeSpan.FromSeconds(60), domain.Time, cancellation);
                return Outcome.Reached(request.Target, "done");
            }),
        });
        await using var dispatch = await world.StartDispatchAsync(directory);
        var domid = await world.CreateAsync("web-1");
        await world.SetAsync(domid, "actor", "slow");
        await world.SetTargetAsync(domid, Half);
        await world.AfterAsync(5);
        await world.SetTargetAsync(domid, Half);
        await world.AfterAsync(5);
        Assert.That(requests, Is.EqualTo(new[] { Half }));

        await world.SetTargetAsync(domid, Half + Kib.FromMiB(1));
        await world.StateAsync(domid, state => state.Final);

        Assert.That(requests, Is.EqualTo(new[] { Half, Half + Kib.FromMiB(1) }));
        Assert.That(world.Journal.Select(entry => entry.Outcome), Is.EqualTo(new[] { "superseded", "reached" }));
    });

    [Test]
    public void An_unexpected_error_is_logged_and_the_target_is_checked_again_until_it_works() => TestWorld.Run(async world =>
    {
        var hypervisor = Substitute.For<IHypervisor>();
        hypervisor.ListDomainsAsync(default).ReturnsForAnyArgs(call => world.Machine.ListDomainsAsync(default));
        var failures = 4;
        hypervisor.GetDomainAsync(0, default).ReturnsForAnyArgs(call => failures-- > 0
            ? throw new NotSupportedException("a surprise")
            : world.Machine.GetDomainAsync(call.Arg<int>(), default));
        await using var dispatch = new DomainWatcher(world.Services with { Hypervisor = hypervisor }, Directory(new() { ["actor"] = Actor(Reached) }));
        await dispatch.StartAsync(default);
        var domid = await world.CreateAsync("web-1");
        await world.SetAsync(domid, "actor", "actor");
        await world.SetTargetAsync(domid, Half);

        Assert.That((await world.StateAsync(domid, state => state.Final)).Outcome, Is.EqualTo("reached"));
        Assert.That(world.Logged, Has.Some.StartsWith($"warn: {domid}: the target could not be checked, and is checked again in 1 s: System.NotSupportedException: a surprise"));
        await world.SetTargetAsync(domid, Half + Kib.FromMiB(1));
        await world.StateAsync(domid, state => state.Final && state.Target == Half + Kib.FromMiB(1));
    });

    [Test]
    public void A_journal_that_fails_costs_no_target_and_is_logged_once() => TestWorld.Run(async world =>
    {
        var journal = Substitute.For<IJournal>();
        journal.When(it => it.Append(Arg.Any<JournalEntry>())).Throw(new NotSupportedException("the stream does not support seeking"));
        var services = new HostServices(
            world.DomainZero, world.Machine, world.Time, journal, world.Services.Log);
        await using var dispatch = new DomainWatcher(services, Directory(new() { ["actor"] = Actor(Reached) }));
        await dispatch.StartAsync(default);
        var domid = await world.CreateAsync("web-1");
        await world.SetAsync(domid, "actor", "actor");

        Assert.That((await world.ReachAsync(domid, Half)).Outcome, Is.EqualTo("reached"));
        Assert.That((await world.ReachAsync(domid, Kib.FromMiB(600))).Outcome, Is.EqualTo("reached"));
        Assert.That((await world.ReachAsync(domid, Kib.FromMiB(1))).Outcome, Is.EqualTo("unable"));
        Assert.That(world.Logged.Where(line => line.Contains("journal")), Is.EqualTo(new[]
        {
            "warn: the journal is not writable, so outcomes are not kept: the stream does not support seeking",
        }));
    });

    [TestCase("€")]
    [TestCase("\"")]
    public void An_outcome_with_a_very_long_reason_is_published(string letter) => TestWorld.Run(async world =>
    {
        var reason = string.Concat(Enumerable.Repeat(letter, 5000));
        await using var dispatch = await world.StartDispatchAsync(Directory(new()
        {
            ["actor"] = Actor((_, request, _) => Task.FromResult(Outcome.Short(request.Target, reason))),
        }));
        var domid = await world.CreateAsync("web-1");
        await world.SetAsync(domid, "actor", "actor");

        var state = await world.ReachAsync(domid, Half);

        Assert.That(state.Outcome, Is.EqualTo("short"));
        Assert.That(reason, Does.StartWith(state.Reason[..1000]));
        Assert.That(world.Journal.Single().Reason, Is.EqualTo(reason), "the journal has all of it");
    });

    [Test]
    public void Each_outcome_is_one_line_in_the_log() => TestWorld.Run(async world =>
    {
        await using var dispatch = await world.StartDispatchAsync(Directory(new() { ["actor"] = Actor(Reached) }));
        var domid = await world.CreateAsync("web-1");
        await world.SetAsync(domid, "actor", "actor");
        await world.ReachAsync(domid, Half);
        await world.ReachAsync(domid, Kib.FromMiB(600));
        await world.SetAsync(domid, "target", "lots");
        await world.StateAsync(domid, state => state.Outcome == "unable");

        Assert.That(world.Logged, Is.EqualTo(new[]
        {
            $"info: {domid}: reached: target 512 MiB, footprint 512 MiB, by actor: done",
            $"info: {domid}: reached: target 600 MiB, footprint 600 MiB, by actor: done",
            $"info: {domid}: unable, footprint 1 GiB: the target 'lots' is not a number of KiB in decimal digits",
        }));
    });

    private static Task<Outcome> Reached(IDomain domain, TargetRequest request, CancellationToken cancellation) =>
        Task.FromResult(Outcome.Reached(request.Target, "done"));

    private static ScriptedActor Actor(Func<IDomain, TargetRequest, CancellationToken, Task<Outcome>> reach, Action? released = null) => new(reach)
    {
        Release = (_, _) =>
        {
            released?.Invoke();
            return Task.CompletedTask;
        },
    };

    private static ActorDirectory Directory(Dictionary<string, ScriptedActor> actors)
    {
        var directory = new ActorDirectory("none");
        directory.SetActors(actors.Select(actor => new PluginEntry(actor.Key, actor.Value)));
        return directory;
    }
}
