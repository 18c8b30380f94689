using Actors.Chains.Model;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Sdk;

namespace Actors.Chains.Tests.Model;

internal sealed class ChainRulesTests
{
    private static readonly TimeSpan Own = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan OfTheDomain = TimeSpan.FromSeconds(7);
    private static readonly Policy Chain = new() { Name = "p", Steps = [new("balloon", Own, Stall), new("paging", Own, null), new("tmem", null, null)] };

    [Test]
    public void The_domains_own_timeout_replaces_that_of_the_first_step_only() => Assert.Multiple(() =>
    {
        Assert.That(ChainRules.Limits(Chain, 0, OfTheDomain), Is.EqualTo(new TimeLimits(OfTheDomain, Stall)));
        Assert.That(ChainRules.Limits(Chain, 1, OfTheDomain), Is.EqualTo(new TimeLimits(Own, null)));
        Assert.That(ChainRules.Limits(Chain, 2, OfTheDomain), Is.EqualTo(TimeLimits.None));
    });

    [Test]
    public void Without_a_timeout_of_the_domain_each_step_has_its_own() => Assert.Multiple(() =>
    {
        Assert.That(ChainRules.Limits(Chain, 0, null), Is.EqualTo(new TimeLimits(Own, Stall)));
        Assert.That(ChainRules.Limits(Chain, 2, null), Is.EqualTo(TimeLimits.None));
    });

    [Test]
    public void Engaged_steps_are_released_from_the_last_to_the_first_each_once() =>
        Assert.That(ChainRules.LastToFirst(["a", "b", "c", "a", "d"], name => name != "c"), Is.EqualTo(new[] { "d", "b", "a" }));

    // Footprint, newer target, the actor's own target (-1: unknown), and what it may move to before its turn; all in MiB.
    [TestCase(950, 900, 512, 900, TestName = "An_actor_that_works_towards_a_lower_target_stops_at_the_newer_one")]
    [TestCase(700, 900, 512, 900, TestName = "An_actor_of_a_domain_that_grows_gets_the_newer_target_at_once")]
    [TestCase(700, 900, 1000, 900, TestName = "An_actor_that_grows_beyond_the_newer_target_stops_there")]
    [TestCase(950, 400, 512, 512, TestName = "An_actor_does_not_take_more_before_its_turn")]
    [TestCase(950, 400, 1000, 950, TestName = "An_actor_that_still_grows_stops_at_the_present_footprint")]
    [TestCase(950, 900, -1, 950, TestName = "An_actor_with_an_unknown_target_stops_at_the_present_footprint")]
    [TestCase(700, 900, -1, 900, TestName = "An_actor_with_an_unknown_target_grows_to_the_newer_one")]
    public void The_target_of_an_actor_before_its_turn(int footprint, int target, int current, int expected) =>
        Assert.That(
            ChainRules.TargetBeforeItsTurn(Kib.FromMiB(target), Kib.FromMiB(footprint), current < 0 ? null : Kib.FromMiB(current)),
            Is.EqualTo(Kib.FromMiB(expected)));

    [Test]
    public void A_step_that_was_already_relaxed_reports_what_it_did_then()
    {
        var relaxed = Outcome.Reached(Kib.FromMiB(900), "paged in 400 MiB");
        var here = Outcome.Reached(Kib.FromMiB(900), "already there");
        var further = Outcome.Reached(Kib.FromMiB(901), "paged in 1 MiB");

        Assert.Multiple(() =>
        {
            Assert.That(ChainRules.IncludingRelaxation(here, null), Is.EqualTo(here));
            Assert.That(ChainRules.IncludingRelaxation(here, Outcome.Short(Kib.FromMiB(900), "stuck")), Is.EqualTo(here));
            Assert.That(ChainRules.IncludingRelaxation(here, relaxed).Reason, Is.EqualTo("paged in 400 MiB"));
            Assert.That(ChainRules.IncludingRelaxation(further, relaxed).Reason, Is.EqualTo("paged in 400 MiB; then paged in 1 MiB"));
        });
    }

    [Test]
    public void A_chain_whose_steps_were_all_skipped_is_unable()
    {
        var outcome = ChainRules.Exhausted([], ["paging: skipped"], OnShort.Stay, Kib.FromMiB(5));

        Assert.That((outcome.Kind, outcome.Reason, outcome.Footprint, outcome.Step), Is.EqualTo((OutcomeKind.Unable, "paging: skipped", Kib.FromMiB(5), 0)));
    }

    [TestCase(OutcomeKind.Quarantined, OutcomeKind.Quarantined, OutcomeKind.Quarantined)]
    [TestCase(OutcomeKind.Failed, OutcomeKind.Failed, OutcomeKind.Failed)]
    [TestCase(OutcomeKind.Quarantined, OutcomeKind.Failed, OutcomeKind.Failed)]
    [TestCase(OutcomeKind.Failed, OutcomeKind.Short, OutcomeKind.Short)]
    [TestCase(OutcomeKind.Quarantined, OutcomeKind.Short, OutcomeKind.Short)]
    [TestCase(OutcomeKind.Unable, OutcomeKind.Unable, OutcomeKind.Short)]
    public void A_chain_that_is_exhausted_reports_every_step_and_fails_only_if_all_failed(OutcomeKind first, OutcomeKind last, OutcomeKind expected)
    {
        StepResult[] trail = [Result(1, "balloon", first, "slow"), Result(3, "paging", last, "PV")];

        var outcome = ChainRules.Exhausted(trail, ["tmem: skipped"], OnShort.Stay, Kib.FromMiB(5));

        Assert.That((outcome.Kind, outcome.Reason, outcome.Footprint, outcome.Actor, outcome.Step),
            Is.EqualTo((expected, "balloon: slow; paging: PV; tmem: skipped", Kib.FromMiB(5), "paging", 3)));
    }

    [Test]
    public void A_chain_that_is_exhausted_lacks_everything_that_one_of_its_steps_lacked()
    {
        StepResult Lacking(int step, Lack? lack) => new(step, "x", Outcome.Short(Kib.Zero, "") with { Lacks = lack }, TimeSpan.Zero);
        StepResult[] trail =
        [
            Lacking(1, new Lack(LackKinds.BalloonDriver)), Lacking(2, null), Lacking(3, Lack.OfHostMemory(Kib.FromMiB(7))), Lacking(4, Lack.OfHostMemory(Kib.FromMiB(3))),
        ];

        Assert.Multiple(() =>
        {
            Assert.That(
                ChainRules.Exhausted(trail, [], OnShort.Stay, Kib.Zero).Lacks,
                Is.EqualTo(new Lack(LackKinds.BalloonDriver | LackKinds.HostMemory) { HostMemory = Kib.FromMiB(7) }));
            Assert.That(ChainRules.Exhausted([Lacking(1, null)], [], OnShort.Stay, Kib.Zero).Lacks, Is.Null);
        });
    }

    [Test]
    public void The_reason_says_what_happens_next()
    {
        string Reason(OnShort onShort) => ChainRules.Exhausted([], ["x"], onShort, Kib.Zero).Reason;

        Assert.Multiple(() =>
        {
            Assert.That(Reason(new OnShort(Release: true, null)), Is.EqualTo("x; everything was given back (on_short: release)"));
            Assert.That(Reason(new OnShort(Release: false, TimeSpan.FromMinutes(5))), Is.EqualTo("x; the next attempt follows after 5m (on_short: retry)"));
        });
    }

    [Test]
    public void A_skipped_step_names_its_condition() => Assert.Multiple(() =>
    {
        Assert.That(ChainRules.ConditionIsFalse("Growing"), Is.EqualTo("skipped, because 'Growing' is false"));
        Assert.That(ChainRules.ConditionFailed("p.yaml:3: no"), Is.EqualTo("skipped, because its condition failed: p.yaml:3: no"));
    });

    [TestCase(OutcomeKind.Reached, 512, true)]
    [TestCase(OutcomeKind.Reached, 511, true)]
    [TestCase(OutcomeKind.Reached, 600, false)]
    [TestCase(OutcomeKind.Reached, null, false)]
    [TestCase(OutcomeKind.Short, 512, false)]
    public void A_step_holds_the_target_alone_if_it_reached_it_without_the_others(OutcomeKind kind, int? alone, bool expected)
    {
        var outcome = Outcome.Reached(Kib.FromMiB(512), "") with { Kind = kind, Alone = alone is { } mib ? Kib.FromMiB(mib) : null };
        var request = new TargetRequest { Target = Kib.FromMiB(512), Tolerance = Kib.FromMiB(1) };

        Assert.That(ChainRules.HoldsAlone(outcome, request), Is.EqualTo(expected));
    }

    [TestCase(0, 30)]
    [TestCase(1, 60)]
    [TestCase(4, 480)]
    [TestCase(5, 600)]
    [TestCase(1000, 600)]
    public void The_pause_before_an_earlier_step_is_tried_again_doubles_up_to_ten_minutes(int attempts, int seconds) =>
        Assert.That(ChainRules.RelaxationPause(attempts), Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    private static StepResult Result(int step, string actor, OutcomeKind kind, string reason) =>
        new(step, actor, Outcome.Short(Kib.Zero, reason) with { Kind = kind }, TimeSpan.Zero);
}
