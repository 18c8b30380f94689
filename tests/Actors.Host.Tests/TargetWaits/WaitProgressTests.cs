using Actors.Cli.TargetWaits;
using Actors.Dispatch.DryRuns;
using Actors.Dispatch.State;
using Actors.Sdk;

namespace Actors.Host.Tests.TargetWaits;

internal sealed class WaitProgressTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly IReadOnlyList<DryStep> Steps =
        [new DryStep(1, "balloon", "tries", 30, null, null, ""), new DryStep(2, "paging", "tries", null, null, null, "")];

    [Test]
    public void Before_the_daemon_has_reported_the_line_says_what_it_waits_for() =>
        Assert.That(After().Describe(TimeSpan.FromSeconds(2)), Is.EqualTo("target 512 MiB: waiting for the daemon, 2 s"));

    [Test]
    public void The_line_shows_where_it_stands_the_rate_the_time_left_and_the_next_step() =>
        Assert.That(
            After((0, 1, 1000), (2, 1, 960), (4, 1, 920)).Describe(TimeSpan.FromSeconds(5)),
            Is.EqualTo("920 MiB → 512 MiB: 20 MiB/s, about 21 s left; balloon (step 1 of 2), then paging in 25 s"));

    [Test]
    public void The_rate_is_that_of_the_last_ten_seconds() =>
        Assert.That(
            After((0, 1, 1000), (2, 1, 900), (4, 1, 800), (14, 1, 790), (24, 1, 780)).Describe(TimeSpan.FromSeconds(24)),
            Does.Contain(": 1 MiB/s, about 4 min left"));

    [Test]
    public void A_footprint_that_does_not_change_is_not_moving() =>
        Assert.That(After((0, 1, 800), (2, 1, 800)).Describe(TimeSpan.FromSeconds(2)), Does.Contain("800 MiB → 512 MiB: not moving;"));

    [Test]
    public void A_footprint_that_moves_the_wrong_way_has_no_time_left() =>
        Assert.That(After((0, 1, 800), (2, 1, 820)).Describe(TimeSpan.FromSeconds(2)), Does.Contain(": 10 MiB/s away from the target;"));

    [Test]
    public void The_last_step_has_no_next_one() =>
        Assert.That(After((0, 1, 800), (30, 2, 700)).Describe(TimeSpan.FromSeconds(31)), Does.EndWith("; paging (step 2 of 2)"));

    [Test]
    public void The_time_of_a_step_whose_start_was_not_seen_is_not_shown() =>
        Assert.That(After((8, 1, 800), (10, 1, 700)).Describe(TimeSpan.FromSeconds(10)), Does.EndWith("; balloon (step 1 of 2), then paging"));

    [Test]
    public void Without_a_known_plan_only_the_actor_is_shown() =>
        Assert.That(
            Observe(new WaitProgress(Kib.FromMiB(512), []), (0, 1, 800)).Describe(TimeSpan.FromSeconds(1)),
            Is.EqualTo("800 MiB → 512 MiB: measuring; balloon"));

    [Test]
    public void States_of_another_target_do_not_count()
    {
        var other = State(1, 1, 800) with { Target = Kib.FromMiB(700) };

        Assert.That(After().Observe(other, TimeSpan.FromSeconds(1)).Describe(TimeSpan.FromSeconds(1)), Does.Contain("waiting for the daemon"));
    }

    private static WaitProgress After(params (double Seconds, int Step, long MiB)[] states) => Observe(new WaitProgress(Kib.FromMiB(512), Steps), states);

    private static WaitProgress Observe(WaitProgress progress, params (double Seconds, int Step, long MiB)[] states) =>
        states.Aggregate(progress, (now, state) => now.Observe(State(state.Seconds, state.Step, state.MiB), TimeSpan.FromSeconds(state.Seconds)));

    private static StateKey State(double seconds, int step, long mebibytes) => new()
    {
        Outcome = StateKey.Running,
        Actor = step == 1 ? "balloon" : "paging",
        Step = step,
        Target = Kib.FromMiB(512),
        Footprint = Kib.FromMiB(mebibytes),
        Since = Start.AddSeconds(seconds),
        Serial = 1,
    };
}
