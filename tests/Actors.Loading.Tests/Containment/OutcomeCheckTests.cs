using Actors.Loading.Containment;
using Actors.Sdk;

namespace Actors.Loading.Tests.Containment;

internal sealed class OutcomeCheckTests
{
    private static readonly TargetRequest Half = new() { Target = Kib.FromMiB(512) };

    [Test]
    public void Reached_stands_when_the_hypervisor_agrees_and_the_footprint_is_the_hypervisors()
    {
        var (outcome, fault) = OutcomeCheck.Check(Outcome.Reached(Kib.Zero, "done") with { Actor = "somebody else", Step = 7 }, Half, At(511.5));

        Assert.That((outcome, fault), Is.EqualTo((Outcome.Reached(new Kib(511 * 1024 + 512), "done"), (string?)null)));
    }

    [Test]
    public void Reached_far_from_the_target_is_a_fault_and_both_figures_are_reported()
    {
        var (outcome, fault) = OutcomeCheck.Check(Outcome.Reached(Half.Target, "all done"), Half, At(1024));

        Assert.Multiple(() =>
        {
            Assert.That((outcome.Kind, outcome.Footprint), Is.EqualTo((OutcomeKind.Failed, Kib.FromGiB(1))));
            Assert.That(fault, Is.EqualTo("the actor reported 'reached' (all done), but the hypervisor reports 1 GiB, 512 MiB above the target").And.EqualTo(outcome.Reason));
        });
    }

    [Test]
    public void A_guest_that_moved_meanwhile_is_short_and_no_fault()
    {
        var (outcome, fault) = OutcomeCheck.Check(Outcome.Reached(Half.Target, "done"), Half, At(515));

        Assert.That((outcome.Kind, fault), Is.EqualTo((OutcomeKind.Short, (string?)null)));
    }

    [Test]
    public void A_balloon_above_a_pager_has_reached_what_the_guest_itself_has()
    {
        var (outcome, fault) = OutcomeCheck.Check(Outcome.Reached(Half.Target, "done"), Half, At(300, paged: 212));

        Assert.That((outcome.Kind, fault), Is.EqualTo((OutcomeKind.Reached, (string?)null)));
    }

    [TestCase(null, "the actor returned no outcome")]
    [TestCase(OutcomeKind.Superseded, "the actor returned 'Superseded', which only the host may return; its reason: so")]
    [TestCase(OutcomeKind.Quarantined, "the actor returned 'Quarantined', which only the host may return; its reason: so")]
    [TestCase((OutcomeKind)99, "the actor returned '99', which only the host may return; its reason: so")]
    public void An_outcome_that_only_the_host_may_return_is_a_failure(OutcomeKind? said, string expected)
    {
        var outcome = said is { } kind ? Outcome.Unable(Kib.Zero, "so") with { Kind = kind } : null;

        var (judged, fault) = OutcomeCheck.Check(outcome, Half, At(1024));

        Assert.That((judged.Kind, judged.Reason, fault), Is.EqualTo((OutcomeKind.Failed, expected, expected)));
    }

    [TestCase(null, "the actor gave no reason")]
    [TestCase(" \n", "the actor gave no reason")]
    [TestCase("red \u001b[31m\nline", @"red \x1b[31m\nline")]
    public void A_reason_is_one_line_that_a_terminal_can_show(string? said, string shown) =>
        Assert.That(OutcomeCheck.Check(Outcome.Short(Kib.Zero, said!), Half, At(1024)).Outcome.Reason, Is.EqualTo(shown));

    [Test]
    public void A_very_long_reason_is_truncated() =>
        Assert.That(OutcomeCheck.Check(Outcome.Short(Kib.Zero, new string('x', 1 << 20)), Half, At(1024)).Outcome.Reason, Has.Length.EqualTo(501));

    private static DomainInfo At(double footprint, double paged = 0) => new()
    {
        Domid = 1,
        Uuid = Guid.Empty,
        Kind = DomainKind.Pvh,
        State = DomainState.Running,
        TotPages = new Kib((long)(footprint * 1024)).ToPages(),
        MaxPages = Kib.FromGiB(1).ToPages(),
        PagedPages = new Kib((long)(paged * 1024)).ToPages(),
    };
}
