using Actors.Cli.CommandLine;
using Actors.Cli.TargetWaits;
using Actors.Dispatch.State;
using Actors.Sdk;

namespace Actors.Host.Tests.TargetWaits;

internal sealed class WaitRulesTests
{
    private const string Target = "524288";

    [Test]
    public void A_run_that_began_before_the_write_ends_the_wait()
    {
        var rules = Rules(before: State("running", serial: 4));

        Assert.That(rules.EndOf(View(State("running", serial: 4))), Is.Null);
        Assert.That(rules.EndOf(View(State("reached", serial: 4))), Is.EqualTo(new WaitEnd("reached", State("reached", serial: 4), "why", ExitCode.Ok)));
    }

    [Test]
    public void The_outcome_of_an_earlier_run_does_not_end_the_wait_for_the_next()
    {
        var rules = Rules(before: State("short", serial: 4));

        Assert.That(rules.EndOf(View(State("short", serial: 4))), Is.Null);
        Assert.That(rules.EndOf(View(State("running", serial: 5))), Is.Null);
        Assert.That(rules.EndOf(View(State("short", serial: 5)))?.ExitCode, Is.EqualTo(ExitCode.Failed));
    }

    [Test]
    public void A_run_of_a_daemon_that_counts_from_the_start_ends_the_wait() =>
        Assert.That(Rules(before: State("short", serial: 400)).EndOf(View(State("reached", serial: 1)))?.Outcome, Is.EqualTo("reached"));

    [Test]
    public void The_state_of_another_target_does_not_end_the_wait()
    {
        var earlier = State("reached", serial: 4) with { Target = Kib.FromMiB(700) };

        Assert.That(Rules(before: null).EndOf(View(earlier)), Is.Null);
        Assert.That(Rules(before: earlier).EndOf(View(earlier)), Is.Null);
    }

    [TestCase("reached", ExpectedResult = ExitCode.Ok)]
    [TestCase("external", ExpectedResult = ExitCode.Ok)]
    [TestCase("short", ExpectedResult = ExitCode.Failed)]
    [TestCase("unable", ExpectedResult = ExitCode.Failed)]
    [TestCase("failed", ExpectedResult = ExitCode.Failed)]
    [TestCase("drifted", ExpectedResult = ExitCode.Failed)]
    [TestCase("quarantined", ExpectedResult = ExitCode.Failed)]
    [TestCase("running", ExpectedResult = null)]
    public int? Every_outcome_of_the_target_ends_the_wait(string outcome) => Rules(before: null).EndOf(View(State(outcome, serial: 1)))?.ExitCode;

    [Test]
    public void A_rejection_that_names_no_target_ends_the_wait()
    {
        var rejected = State("unable", serial: 5) with { Target = null };

        Assert.That(Rules(before: State("reached", serial: 4)).EndOf(View(rejected))?.ExitCode, Is.EqualTo(ExitCode.Failed));
        Assert.That(Rules(before: rejected).EndOf(View(rejected)), Is.Null);
    }

    [TestCase("614400", "another target replaced it: 600 MiB (614400 KiB)")]
    [TestCase("much", "another target replaced it: 'much'")]
    public void Another_target_ends_the_wait_and_is_named(string newer, string reason)
    {
        var end = Rules(before: null).EndOf(new WaitView(newer, Exists: true, State("running", serial: 1)));

        Assert.That(end, Is.EqualTo(new WaitEnd("superseded", null, reason, ExitCode.Failed)));
    }

    [Test]
    public void A_removed_target_and_a_domain_that_is_gone_end_the_wait_with_different_messages()
    {
        var removed = Rules(before: null).EndOf(new WaitView(null, Exists: true, State("running", serial: 1)));
        var gone = Rules(before: null).EndOf(new WaitView(null, Exists: false, null));

        Assert.That(removed, Is.EqualTo(new WaitEnd("removed", null, "someone removed memory-policy/target, so nothing works towards it any more", ExitCode.Failed)));
        Assert.That(gone, Is.EqualTo(new WaitEnd("gone", null, "the domain has ended", ExitCode.Failed)));
    }

    [Test]
    public void An_outcome_that_came_before_the_newer_target_is_not_lost() =>
        Assert.That(Rules(before: null).EndOf(new WaitView("614400", Exists: true, State("reached", serial: 1)))?.Outcome, Is.EqualTo("reached"));

    [Test]
    public void Without_a_wait_the_first_report_is_enough()
    {
        var rules = Rules(before: State("reached", serial: 4)) with { UntilFinal = false };

        Assert.That(rules.EndOf(View(State("reached", serial: 4))), Is.Null);
        Assert.That(rules.EndOf(View(State("running", serial: 5)))?.ExitCode, Is.EqualTo(ExitCode.Ok));
        Assert.That(rules.TimeIsUp(null, TimeSpan.FromSeconds(0.5)).ExitCode, Is.EqualTo(ExitCode.Ok));
    }

    [Test]
    public void A_wait_whose_time_is_up_says_what_the_run_is_doing()
    {
        var end = Rules(before: null).TimeIsUp(State("running", serial: 1), TimeSpan.FromSeconds(60));

        Assert.That(end, Is.EqualTo(new WaitEnd("timeout", null, "no outcome within 60 s; why; 'actors list' shows the progress", ExitCode.Failed)));
    }

    private static WaitRules Rules(StateKey? before) => new(Kib.FromMiB(512), before, UntilFinal: true);

    private static WaitView View(StateKey state) => new(Target, Exists: true, state);

    private static StateKey State(string outcome, long serial) => new()
    {
        Outcome = outcome,
        Serial = serial,
        Target = outcome == StateKey.External ? null : Kib.FromMiB(512),
        Since = default,
        Reason = "why",
    };
}
