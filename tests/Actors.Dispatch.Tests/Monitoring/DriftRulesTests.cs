using Actors.Dispatch.Monitoring;
using Actors.Dispatch.Registry;
using Actors.Dispatch.State;
using Actors.Sdk;

namespace Actors.Dispatch.Tests.Monitoring;

internal sealed class DriftRulesTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private static readonly Kib Target = Kib.FromMiB(512);

    [TestCase(512, true)]
    [TestCase(514, true)]
    [TestCase(510, true)]
    [TestCase(515, false)]
    [TestCase(509, false)]
    public void A_domain_has_drifted_when_two_checks_find_it_outside_the_tolerance(int mebibytes, bool stays)
    {
        var (once, first) = Check(Reached, Info(mebibytes));
        var (_, second) = Check(once, Info(mebibytes));

        Assert.That(first, Is.Not.InstanceOf<Finding.Changed>(), "it may be noise");
        Assert.That((second as Finding.Changed)?.Outcome, Is.EqualTo(stays ? null : StateKey.Drifted));
    }

    [TestCase(540, "540 MiB, 28 MiB above it")]
    [TestCase(300, "300 MiB, 212 MiB below it")]
    public void The_cause_says_where_the_footprint_is(int mebibytes, string where) =>
        Assert.That(Changed(Reached, Info(mebibytes))!.Reason, Does.StartWith($"the footprint left the target of 512 MiB and is {where}: "));

    [Test]
    public void A_check_that_finds_it_at_its_target_again_starts_from_the_beginning()
    {
        var (once, _) = Check(Reached, Info(600));
        var (back, _) = Check(once, Info(512));
        var (again, found) = Check(back, Info(600));

        Assert.That((again.Strikes, found), Is.EqualTo((1, new Finding.Moved(Reached.State, Kib.FromMiB(600)))));
    }

    [Test]
    public void The_footprint_of_a_paged_domain_is_never_still()
    {
        var paged = Info(518) with { PagedPages = Kib.FromMiB(400).ToPages() };

        Assert.That(Changed(Reached, paged), Is.Null);
        Assert.That(Changed(Reached, paged with { TotPages = Kib.FromMiB(530).ToPages() })!.Outcome, Is.EqualTo(StateKey.Drifted));
    }

    [TestCase(StateKey.Short)]
    [TestCase(StateKey.Drifted)]
    public void A_domain_that_comes_to_its_target_has_reached_it(string outcome)
    {
        var changed = Changed(Reached with { State = Reached.State with { Outcome = outcome } }, Info(511));

        Assert.That((changed?.Outcome, changed?.Footprint), Is.EqualTo((StateKey.Reached, (Kib?)Kib.FromMiB(511))));
    }

    [TestCase("unable")]
    [TestCase("superseded")]
    [TestCase("quarantined")]
    [TestCase(StateKey.Failed)]
    [TestCase(StateKey.External)]
    public void Of_other_outcomes_only_the_footprint_changes(string outcome)
    {
        var watched = Reached with { State = Reached.State with { Outcome = outcome } };
        var (once, _) = Check(watched, Info(600));

        Assert.That(Check(once, Info(600)).Found, Is.EqualTo(new Finding.Moved(watched.State, Kib.FromMiB(600))));
    }

    [Test]
    public void A_small_change_of_the_footprint_is_not_written()
    {
        Assert.That(Check(Reached, Info(512) with { TotPages = (Target + new Kib(508)).ToPages() }).Found, Is.Null);
        Assert.That(Check(Reached, Info(512) with { TotPages = (Target + new Kib(512)).ToPages() }).Found, Is.InstanceOf<Finding.Moved>());
    }

    [Test]
    public void A_max_mem_that_another_program_changes_is_the_cause_even_if_the_footprint_moved_too()
    {
        var (known, _) = Check(Reached, Info(512));
        var changed = Changed(known, Info(600) with { MaxPages = Kib.FromMiB(700).ToPages() });

        Assert.That(changed!.Reason, Does.StartWith("another program (xl mem-max?) changed max_mem from 513 MiB to 700 MiB"));
        var drifted = DriftRules.Follow(known, known with { State = known.State with { Outcome = StateKey.Drifted, Reason = changed.Reason } }, Start);
        Assert.That(drifted.RetryAt, Is.Null, "the other program is not overridden");
        Assert.That(Changed(drifted, Info(512) with { MaxPages = Kib.FromMiB(700).ToPages() }), Is.Null);
        Assert.That(Changed(drifted, Info(512))!.Outcome, Is.EqualTo(StateKey.Reached), "it is as it was");
    }

    [Test]
    public void While_a_follow_up_works_max_mem_and_the_footprint_may_change()
    {
        var watched = Check(Reached with { IsFollowedUp = true }, Info(512)).Next;
        var larger = Info(600) with { MaxPages = Kib.FromMiB(700).ToPages() };
        for (var check = 0; check < 5; check++)
        {
            (watched, var found) = DriftRules.Check(watched, larger, moved: true, pagesLost: false, Start);
            Assert.That(found, Is.InstanceOf<Finding.Moved>());
        }

        Assert.That(Changed(watched with { IsFollowedUp = false }, Info(512) with { MaxPages = larger.MaxPages }), Is.Null, "what it left is the measure");
        Assert.That(Changed(watched with { IsFollowedUp = false }, Info(512)), Is.Null, "even what it did after the last check");
        Assert.That(Changed(watched, larger)!.Outcome, Is.EqualTo(StateKey.Drifted), "a domain that stays away has drifted");
    }

    [TestCase(DomainState.Crashed)]
    [TestCase(DomainState.ShutDown)]
    public void The_end_of_a_domain_is_reported_once(DomainState state)
    {
        var (once, first) = Check(Reached, Info(512) with { State = state });
        var (_, second) = Check(once, Info(512) with { State = state });

        Assert.That((first, second), Is.EqualTo(((Finding?)new Finding.Due(), (Finding?)null)));
        Assert.That(Check(DriftRules.Follow(once, Other, Start), Info(512) with { State = state }).Found, Is.Null, "nor for another target");
        Assert.That(Check(Reached with { State = Reached.State with { Outcome = "unable" } }, Info(512) with { State = state }).Found, Is.Null, "the refusal said so");
    }

    [Test]
    public void Lost_pages_are_reported_once() => Assert.That(
        DriftRules.Check(DriftRules.Check(Reached, Info(512), false, pagesLost: true, Start).Next, Info(512), false, pagesLost: true, Start).Found, Is.Null);

    [TestCase(DomainState.Paused)]
    [TestCase(DomainState.Saving)]
    [TestCase(DomainState.Booting)]
    public void A_domain_that_is_not_running_has_not_drifted(DomainState state) =>
        Assert.That(Changed(Reached, Info(600) with { State = state }), Is.Null);

    [Test]
    public void A_domain_that_is_left_to_another_program_stays_drifted()
    {
        var left = Reached with { LeftAlone = true, State = Reached.State with { Outcome = StateKey.Drifted } };

        Assert.That(Changed(left, Info(512)), Is.Null);
        Assert.That(DriftRules.Follow(Reached, left, Start).RetryAt, Is.Null);
    }

    [Test]
    public void A_drift_is_retried_after_a_pause_that_grows_with_each_attempt()
    {
        var drifted = Reached with { State = Reached.State with { Outcome = StateKey.Drifted } };
        var (watched, now, pauses) = (Reached, Start, new List<double>());
        for (var attempt = 0; attempt < 4; attempt++)
        {
            watched = DriftRules.Follow(watched, drifted with { State = drifted.State with { Serial = attempt } }, now);
            pauses.Add((watched.RetryAt!.Value - now).TotalSeconds);
            now = watched.RetryAt.Value;
            (watched, var found) = DriftRules.Check(watched, Info(600), false, false, now);
            Assert.That((found, watched.RetryAt), Is.EqualTo(((Finding?)new Finding.Due(), (DateTimeOffset?)null)));
            watched = DriftRules.Follow(watched, Reached with { State = Reached.State with { Serial = attempt + 1 } }, now);
        }

        Assert.That(pauses, Is.EqualTo(new double[] { 1, 2, 4, 8 }));
    }

    [Test]
    public void A_drift_that_is_only_reported_is_not_retried() => Assert.That(
        DriftRules.Follow(Reached, Reached with { OnDrift = OnDrift.Report, State = Reached.State with { Outcome = StateKey.Drifted } }, Start).RetryAt, Is.Null);

    [Test]
    public void A_footprint_that_is_written_forgets_nothing()
    {
        var (once, found) = Check(Reached, Info(600));
        var written = once with { State = once.State with { Footprint = ((Finding.Moved)found!).Footprint }, MaxMem = null, Strikes = 0 };

        var next = DriftRules.Follow(once, written, Start);

        Assert.That((next.Strikes, next.MaxMem), Is.EqualTo((1, (Kib?)Kib.FromMiB(513))));
    }

    [Test]
    public void Another_target_forgets_everything() => Assert.That(
        DriftRules.Follow(Reached with { Strikes = 1, Backoff = RetryBackoff.None.Attempted(Start) }, Other, Start), Is.EqualTo(Other));

    private static Watched Reached { get; } = new()
    {
        State = new StateKey { Outcome = StateKey.Reached, Target = Target, Footprint = Target, Serial = 0, Since = Start },
        Tolerance = Kib.FromMiB(2),
        OnDrift = OnDrift.Retry,
    };

    private static Watched Other { get; } = Reached with { State = Reached.State with { Target = Kib.FromMiB(600) } };

    private static (Watched Next, Finding? Found) Check(Watched watched, DomainInfo info) => DriftRules.Check(watched, info, moved: false, pagesLost: false, Start);

    // What two checks find.
    private static Finding.Changed? Changed(Watched watched, DomainInfo info) => Check(Check(watched, info).Next, info).Found as Finding.Changed;

    private static DomainInfo Info(int mebibytes) => new()
    {
        Domid = 1,
        Uuid = Guid.Empty,
        Kind = DomainKind.Pvh,
        State = DomainState.Running,
        TotPages = Kib.FromMiB(mebibytes).ToPages(),
        MaxPages = Kib.FromMiB(513).ToPages(),
    };
}
