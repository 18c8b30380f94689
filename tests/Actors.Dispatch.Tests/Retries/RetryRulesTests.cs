using Actors.Dispatch.Retries;
using Actors.Sdk;
using FsCheck;
using FsCheck.Fluent;

namespace Actors.Dispatch.Tests.Retries;

internal sealed class RetryRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Kib Target = Kib.FromGiB(2);

    [TestCase(0, 0)]
    [TestCase(1, 1)]
    [TestCase(2, 2)]
    [TestCase(9, 256)]
    [TestCase(10, 300)]
    [TestCase(int.MaxValue, 300)]
    public void The_pause_doubles_from_1_s_to_5_min(int failures, int seconds) =>
        Assert.That(RetryRules.Pause(failures), Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    [TestCase(1024, "the host has the 1 GiB of free memory that it needs")]
    [TestCase(1023, "the host has 1023 MiB of free memory")]
    [TestCase(16, "the host has 16 MiB of free memory")]
    [TestCase(15, null)]
    [TestCase(0, null)]
    public void A_growth_is_retried_when_the_host_has_memory(long available, string? why) =>
        Assert.That(Decide(For(LackKinds.HostMemory), available: Kib.FromMiB(available))?.Why, Is.EqualTo(why));

    [Test]
    public void A_growth_that_needs_little_is_retried_when_there_is_little() =>
        Assert.That(Decide(For(LackKinds.HostMemory), now: At(2046), available: Kib.FromMiB(2)), Is.Not.Null);

    [TestCase(LackKinds.DomainState, "the domain is running")]
    [TestCase(LackKinds.Actor, "the plugins or policies have changed")]
    [TestCase(LackKinds.Mechanism, null)]
    [TestCase(LackKinds.MaxMem, "max_mem is 3 GiB")]
    [TestCase(LackKinds.BalloonDriver, "the guest has published its balloon driver")]
    [TestCase(LackKinds.GuestMemory, null)]
    [TestCase(LackKinds.Time, null)]
    [TestCase(LackKinds.None, null)]
    public void A_change_of_what_was_missing_leads_to_a_retry(LackKinds kind, string? why)
    {
        var changed = new RetryFacts(At(1024).Info with { MaxPages = Kib.FromGiB(3).ToPages() }, Directory: 2, DriverReports: 1);

        Assert.That(Decide(For(kind), now: changed)?.Why, Is.EqualTo(why));
        Assert.That(Decide(For(kind), now: changed with { Info = changed.Info with { State = DomainState.Paused } }), Is.Null, "not while the domain is paused");
    }

    [TestCase(LackKinds.Actor)]
    [TestCase(LackKinds.MaxMem)]
    [TestCase(LackKinds.BalloonDriver)]
    [TestCase(LackKinds.GuestMemory)]
    public void The_change_of_something_else_leads_to_none(LackKinds kind)
    {
        var changed = kind switch
        {
            LackKinds.Actor => At(1024) with { DriverReports = 1 },
            _ => At(1024) with { Directory = 2 },
        };
        Assert.That(Decide(For(kind), now: changed, available: Kib.FromGiB(8)), Is.Null);
    }

    [Test]
    public void A_footprint_that_moves_towards_the_target_shows_that_the_driver_works()
    {
        Assert.That(Decide(For(LackKinds.BalloonDriver), now: At(1025))?.Why, Is.EqualTo("the footprint moves towards the target"));
        Assert.That(Decide(For(LackKinds.BalloonDriver), now: At(1023)), Is.Null, "away from the target");
    }

    [TestCase(LackKinds.BalloonDriver, 0, 1)]
    [TestCase(LackKinds.BalloonDriver, 3, 8)]
    [TestCase(LackKinds.BalloonDriver, 30, 300)]
    [TestCase(LackKinds.Time, 0, 30)]
    [TestCase(LackKinds.Time, 7, 128)]
    [TestCase(LackKinds.GuestMemory, 0, 300)]
    [TestCase(LackKinds.GuestMemory | LackKinds.BalloonDriver, 0, 1)]
    public void What_cannot_be_watched_is_retried_after_a_pause(LackKinds kind, int attempts, int seconds)
    {
        var waiting = For(kind) with { Attempts = attempts };

        Assert.That(Decide(waiting, after: TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1)), Is.Null);
        Assert.That(Decide(waiting, after: TimeSpan.FromSeconds(seconds))?.Cause, Is.EqualTo(RetryCause.Time));
    }

    [TestCase(LackKinds.HostMemory)]
    [TestCase(LackKinds.DomainState)]
    [TestCase(LackKinds.Actor)]
    [TestCase(LackKinds.MaxMem)]
    public void What_can_be_watched_is_not_retried_after_a_pause(LackKinds kind)
    {
        var facts = kind == LackKinds.DomainState ? At(1024) with { Info = At(1024).Info with { State = DomainState.Paused } } : At(1024);
        Assert.That(Decide(For(kind), before: facts, now: facts, after: TimeSpan.FromDays(30)), Is.Null);
    }

    [Test]
    public void The_pause_of_a_policy_replaces_the_usual_ones()
    {
        var waiting = For(LackKinds.BalloonDriver) with { Every = TimeSpan.FromMinutes(7), Attempts = 3 };

        Assert.That(Decide(waiting, after: TimeSpan.FromMinutes(7) - TimeSpan.FromSeconds(1)), Is.Null);
        Assert.That(Decide(waiting, after: TimeSpan.FromMinutes(7))?.Why, Is.EqualTo("7m have passed since the last attempt"));
        Assert.That(Decide(waiting, now: At(1024) with { DriverReports = 1 })?.Cause, Is.EqualTo(RetryCause.Change), "a change is still seen");
    }

    [Test]
    public void After_a_restart_the_conditions_without_a_memory_are_tried_once()
    {
        Assert.That(RetryRules.Decide(For(LackKinds.Actor), null, At(1024), Kib.Zero, Start), Is.Not.Null);
        Assert.That(RetryRules.Decide(For(LackKinds.MaxMem), null, At(1024), Kib.Zero, Start), Is.Not.Null);
        Assert.That(RetryRules.Decide(For(LackKinds.BalloonDriver), null, At(1024), Kib.Zero, Start), Is.Null);
    }

    [Test]
    public void A_condition_that_comes_and_goes_is_tried_less_and_less_often()
    {
        var waiting = For(LackKinds.HostMemory) with { Changes = 4, Attempts = 4 };

        Assert.That(Decide(waiting, available: Kib.FromGiB(1), after: TimeSpan.FromSeconds(7)), Is.Null);
        Assert.That(Decide(waiting, available: Kib.FromGiB(1), after: TimeSpan.FromSeconds(8)), Is.Not.Null);
    }

    [Test]
    public void A_domain_that_only_lacks_its_actor_is_tried_again_soon_however_often_other_plugins_have_changed()
    {
        var waiting = For(LackKinds.Actor) with { Changes = 9, Attempts = 9 };
        var changed = At(1024) with { Directory = 77 };

        Assert.That(Decide(waiting, now: changed, after: TimeSpan.FromSeconds(9)), Is.Null);
        Assert.That(Decide(waiting, now: changed, after: TimeSpan.FromSeconds(10)), Is.Not.Null);
    }

    [Test]
    public void A_driver_that_comes_up_is_used_at_once_however_often_it_was_tried_before() =>
        Assert.That(Decide(For(LackKinds.BalloonDriver) with { Attempts = 9 }, now: At(1024) with { DriverReports = 1 }), Is.Not.Null);

    [Test]
    public void A_new_target_waits_from_its_first_outcome()
    {
        var next = Next(null, Outcome(LackKinds.BalloonDriver), RetryCause.None, seconds: 5);

        Assert.That(next, Is.EqualTo(new Waiting(Target, new Lack(LackKinds.BalloonDriver), Start.AddSeconds(5)) { Last = Start.AddSeconds(5) }));
        Assert.That(
            Next(For(LackKinds.BalloonDriver) with { Target = Target - new Kib(4), Attempts = 5 }, Outcome(LackKinds.BalloonDriver), RetryCause.None, seconds: 5),
            Is.EqualTo(next), "also after another target");
    }

    [TestCase(RetryCause.Time, 4, 2)]
    [TestCase(RetryCause.Change, 4, 3)]
    [TestCase(RetryCause.None, 0, 0)]
    public void A_failed_retry_keeps_the_place_in_the_order(RetryCause cause, int attempts, int changes)
    {
        var next = Next(For(LackKinds.BalloonDriver) with { Attempts = 3, Changes = 2 }, Outcome(LackKinds.BalloonDriver), cause, seconds: 60)!;

        Assert.That((next.Since, next.Last), Is.EqualTo((Start, Start.AddSeconds(60))));
        Assert.That((next.Attempts, next.Changes), Is.EqualTo((attempts, changes)));
    }

    [Test]
    public void A_target_that_was_reached_or_left_to_another_program_does_not_wait()
    {
        var before = For(LackKinds.BalloonDriver);

        Assert.That(Next(before, Outcome(LackKinds.BalloonDriver) with { Kind = OutcomeKind.Reached }, RetryCause.Time), Is.Null);
        Assert.That(Next(before, Outcome(LackKinds.SecondWriter | LackKinds.HostMemory), RetryCause.Time, every: TimeSpan.FromMinutes(1)), Is.Null);
        Assert.That(Next(before, Outcome(LackKinds.None) with { Lacks = null }, RetryCause.Time), Is.Null);
    }

    [Test]
    public void A_mechanism_that_the_domain_does_not_have_is_not_waited_for()
    {
        Assert.That(Next(null, Outcome(LackKinds.Mechanism), RetryCause.None), Is.Null);
        Assert.That(Next(null, Outcome(LackKinds.Mechanism | LackKinds.GuestMemory), RetryCause.None)?.Lack.Kinds, Is.EqualTo(LackKinds.GuestMemory));
    }

    [Test]
    public void A_guest_that_crashed_is_not_waited_for_but_a_policy_whose_actor_is_missing_is()
    {
        Assert.That(Next(null, Outcome(LackKinds.GuestMemory) with { Kind = OutcomeKind.Failed }, RetryCause.None), Is.Null);
        Assert.That(Next(null, Outcome(LackKinds.Actor) with { Kind = OutcomeKind.Failed }, RetryCause.None), Is.Not.Null);
    }

    [Test]
    public void A_policy_can_repeat_an_attempt_that_lacked_nothing_known()
    {
        var next = Next(null, Outcome(LackKinds.None) with { Lacks = null }, RetryCause.None, every: TimeSpan.FromMinutes(1));

        Assert.That(Decide(next!, after: TimeSpan.FromSeconds(61))?.Cause, Is.EqualTo(RetryCause.Time));
    }

    [Test]
    public void A_growth_in_pieces_is_progress()
    {
        var before = For(LackKinds.HostMemory, memory: 1024) with { Attempts = 6, Changes = 6 };
        Waiting After(long footprint) => Next(before, Outcome(LackKinds.HostMemory, footprint, 2048 - footprint), RetryCause.Change)!;

        Assert.That(After(1024 + 256).Changes, Is.Zero);
        Assert.That(After(1024 + 255).Changes, Is.EqualTo(7));
    }

    [Test]
    public void A_guest_that_never_reacts_is_tried_at_most_40_times_in_an_hour_whatever_it_does() => Prop.ForAll(
        Gen.Choose(0, 3).ListOf(3600).Select(list => list.ToArray()).ToArbitrary(),
        steps =>
        {
            var (waiting, before, attempts) = (For(LackKinds.HostMemory | LackKinds.BalloonDriver), At(1024), 0);
            for (var second = 1; second <= steps.Length; second++)
            {
                var now = At(1024 + (steps[second - 1] == 1 ? 5 : 0)) with { DriverReports = before.DriverReports + (steps[second - 1] == 2 ? 1 : 0) };
                var available = steps[second - 1] == 3 ? Kib.FromGiB(4) : Kib.Zero;
                if (RetryRules.Decide(waiting, before, now, available, Start.AddSeconds(second)) is not { } retry)
                    continue;
                attempts++;
                waiting = RetryRules.Next(waiting, Outcome(waiting.Lack.Kinds, memory: 1024), Target, retry.Cause, null, Start.AddSeconds(second))!;
                before = now;
            }
            return attempts <= 40;
        }).QuickCheckThrowOnFailure();

    private static Retry? Decide(Waiting waiting, RetryFacts? before = null, RetryFacts? now = null, Kib available = default, TimeSpan after = default) =>
        RetryRules.Decide(waiting, before ?? At(1024), now ?? At(1024), available, waiting.Last + after);

    private static Waiting? Next(Waiting? before, Sdk.Outcome outcome, RetryCause cause, int seconds = 0, TimeSpan? every = null) =>
        RetryRules.Next(before, outcome, Target, cause, every, Start.AddSeconds(seconds));

    private static Waiting For(LackKinds kinds, long memory = 1024) =>
        new(Target, new Lack(kinds) { HostMemory = Kib.FromMiB(memory) }, Start) { Last = Start };

    private static Sdk.Outcome Outcome(LackKinds kinds, long footprint = 1024, long memory = 0) =>
        Sdk.Outcome.Short(Kib.FromMiB(footprint), "") with { Lacks = new Lack(kinds) { HostMemory = Kib.FromMiB(memory) } };

    private static RetryFacts At(long footprint) => new(
        new DomainInfo
        {
            Domid = 3,
            Uuid = Guid.Empty,
            Kind = DomainKind.Pvh,
            State = DomainState.Running,
            TotPages = Kib.FromMiB(footprint).ToPages(),
            MaxPages = Kib.FromMiB(2049).ToPages(),
        },
        Directory: 1);
}
