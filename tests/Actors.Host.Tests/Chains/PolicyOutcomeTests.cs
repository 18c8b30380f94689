using Actors.Dispatch.State;
using Actors.Host.Daemon;
using Actors.Sdk;
using Actors.Sim.Specs;

namespace Actors.Host.Tests.Chains;

/// <summary>What an operator's own policies do to a domain.</summary>
internal sealed class PolicyOutcomeTests
{
    private static readonly Kib Half = Kib.FromMiB(512);
    private static readonly BalloonSpec Refuses = new() { Behaviour = BalloonBehaviour.Refuses };

    private readonly string _folder = Directory.CreateTempSubdirectory("policies").FullName;

    [OneTimeTearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_step_whose_condition_is_false_is_skipped_and_the_journal_says_so() => Test(
        "steps: [{actor: paging, when: Growing}, {actor: balloon}]", async world =>
        {
            var domid = await world.CreateAsync("web");
            var state = await ReachAsync(world, domid);

            Assert.That((state.Outcome, state.Actor, state.Step), Is.EqualTo(("reached", "balloon", 2)));
            Assert.That(world.Journal.Last().Steps.Select(step => (step.Actor, step.Outcome)), Is.EqualTo(new[] { ("paging", "skipped"), ("balloon", "reached") }));
        });

    [Test]
    public void A_step_that_is_not_kept_is_released_before_the_next_takes_over() => Test(
        "steps: [{actor: paging, timeout: 1s, keep: false}, {actor: balloon}]", async world =>
        {
            var domid = await world.CreateAsync("web");
            var state = await ReachAsync(world, domid);

            Assert.That((state.Outcome, state.Actor), Is.EqualTo(("reached", "balloon")));
            Assert.That(state.Engaged, Is.EqualTo(new[] { "balloon" }));
            Assert.That(world.Info(domid).PagedPages, Is.EqualTo(Pages.Zero));
        });

    [Test]
    public void A_chain_that_ends_short_can_give_everything_back() => Test(
        "on_short: release\nsteps: [{actor: balloon, timeout: 1s}]", async world =>
        {
            var domid = await world.CreateAsync("web");
            var state = await ReachAsync(world, domid);
            await world.AfterAsync(60);

            Assert.That(state.Reason, Does.Contain("everything was given back (on_short: release)"));
            Assert.That(state.Engaged, Is.Empty);
            Assert.That(world.Footprint(domid), Is.GreaterThan(Kib.FromMiB(1020)));
        });

    [Test]
    public void A_chain_that_ends_short_can_be_tried_again() => Test(
        "on_short: retry 3s\nsteps: [{actor: balloon, timeout: 1s}]", async world =>
        {
            var domid = await world.CreateAsync("web");
            await ReachAsync(world, domid);
            var state = await world.StateAsync(domid, seen => seen.Outcome == "reached");

            Assert.That(world.Journal.Select(entry => entry.Outcome), Is.EqualTo(new[] { "short", "short", "reached" }));
            Assert.That(world.Journal[1].Why, Does.EndWith("; requested again because 3s have passed since the last attempt"));
            Assert.That(state.Reason, Does.Contain("the balloon went"));
        });

    [Test]
    public void A_dry_run_shows_what_would_be_done_and_writes_nothing() => Test(
        "steps: [{actor: paging, when: Growing}, {actor: balloon, timeout: 30s}, {actor: blloon}, {actor: paging}]", async world =>
        {
            var domid = await world.CreateAsync("legacy", DomainKind.Pv, Refuses);
            await world.SetAsync(domid, "actor", "xl:tried");
            var dry = await new DryRunVerb(world.Services, Host!.Directory).ExplainAsync(domid, $"{Half.Value}", default);
            await world.AfterAsync(10);

            Assert.That(dry.Verdict, Is.EqualTo("balloon (30s)"));
            Assert.That(dry.Steps.Select(step => (step.Actor, step.Verdict)), Is.EqualTo(new[]
            {
                ("paging", "skips"), ("balloon", "tries"), ("blloon", "missing"), ("paging", "unable"),
            }));
            Assert.That(dry.Steps[^1].Reason, Does.Contain("HAP"));
            Assert.That(await world.StateAsync(domid), Is.Null);
            Assert.That(world.Journal, Is.Empty);
        });

    [Test]
    public void A_shadow_changes_nothing_and_the_journal_shows_where_it_differs() => Test(
        "shadow: true\nsteps: [{actor: paging}]", async world =>
        {
            var domid = await world.CreateAsync("web");
            await world.ReachAsync(domid, Half);

            var shadow = world.Journal.First().Shadows!.Single();
            Assert.That((shadow.Policy, shadow.Plan, shadow.Difference), Is.EqualTo(("tried", "paging", "would begin with paging instead of balloon")));
            Assert.That(world.Info(domid).PagedPages, Is.EqualTo(Pages.Zero));
        });

    [Test]
    public void A_shadow_cannot_be_selected() => Test(
        "shadow: true\nsteps: [{actor: paging}]", async world =>
        {
            var domid = await world.CreateAsync("web");
            await world.SetAsync(domid, "actor", "xl:tried");
            await world.SetTargetAsync(domid, Half);
            var state = await world.StateAsync(domid, seen => seen.Final);

            Assert.That(state.Reason, Does.Contain("the policy 'tried' is a shadow"));
        });

    [Test]
    public void The_state_of_a_domain_says_that_the_file_of_its_policy_is_broken_also_after_a_restart() => Test(
        "steps: [{actor: balloon}]", async world =>
        {
            const string Note = "the last good version of the policy serves, because its file is broken: tried.yaml:2:3: unknown key 'tmeout'";
            var domid = await world.CreateAsync("web");
            await ReachAsync(world, domid);
            File.WriteAllText(Path.Combine(_folder, "tried.yaml"), "steps:\n- tmeout: 5s\n  actor: balloon\n");
            Host!.Policies.Scan();
            var state = await world.StateAsync(domid, seen => seen.Reason.Contains(Note, StringComparison.Ordinal));
            Assert.That((state.Outcome, state.Target), Is.EqualTo(("reached", Half)));

            await Host.DisposeAsync();
            Host = await StartAsync(world);
            state = await world.StateAsync(domid, seen => seen.Serial > state.Serial && seen.Final);
            Assert.That((state.Outcome, state.Via), Is.EqualTo(("reached", "xl:tried")));
            Assert.That(state.Reason, Does.Contain(Note));

            File.WriteAllText(Path.Combine(_folder, "tried.yaml"), "steps: [{actor: balloon}]");
            Host.Policies.Scan();
            state = await world.StateAsync(domid, seen => !seen.Reason.Contains("broken", StringComparison.Ordinal));
            Assert.That((state.Outcome, state.Target), Is.EqualTo(("reached", Half)));
        });

    private ActorHost? Host { get; set; }

    private Task<ActorHost> StartAsync(TestWorld world) => ActorHost.StartAsync(
        world.Services, new HostOptions { PluginFolder = ProgramFolder.Plugins, PolicyFolder = _folder, LastGoodFolder = Path.Combine(_folder, "last-good") });

    private static async Task<StateKey> ReachAsync(TestWorld world, int domid)
    {
        await world.SetAsync(domid, "actor", "xl:tried");
        return await world.ReachAsync(domid, Half);
    }

    // The host with the plugins that ship, and the policies that ship and one more, 'tried'.
    private void Test(string policy, Func<TestWorld, Task> test)
    {
        File.Copy(Path.Combine(ProgramFolder.Policies, "balloon-then-paging.yaml"), Path.Combine(_folder, "balloon-then-paging.yaml"), overwrite: true);
        File.WriteAllText(Path.Combine(_folder, "tried.yaml"), policy);
        TestWorld.Run(async world =>
        {
            Host = await StartAsync(world);
            await test(world);
            await Host.DisposeAsync();
        });
    }
}
