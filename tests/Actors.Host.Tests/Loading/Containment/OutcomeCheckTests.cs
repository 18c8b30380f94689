using Actors.Loading.Containment;
using Actors.Sdk;

namespace Actors.Host.Tests.Loading.Containment;

internal sealed class OutcomeCheckTests
{
    private static readonly TargetRequest Half = new() { Target = Kib.FromMiB(512) };

    [Test]
    public void Reached_is_reached_when_the_hypervisor_says_so_and_the_footprint_is_its_own_figure()
    {
        var (outcome, fault) = OutcomeCheck.Judge(Outcome.Reached(Kib.Zero, "done") with { Actor = "somebody else", Step = 7 }, Half, At(511.5));

        Assert.That((outcome, fault), Is.EqualTo((Outcome.Reached(new Kib(511 * 1024 + 512), "done"), (string?)null)));
    }

    [Test]
    public void Reached_far_from_the_target_is_a_lie_and_both_words_are_told()
    {
        var (outcome, fault) = OutcomeCheck.Judge(Outcome.Reached(Half.Target, "all done"), Half, At(1024));

        Assert.Multiple(() =>
        {
            Assert.That((outcome.Kind, outcome.Footprint), Is.EqualTo((OutcomeKind.Failed, Kib.FromGiB(1))));
            Assert.That(fault, Is.EqualTo("the actor said 'reached' (all done), but the hypervisor says 1 GiB, 512 MiB above the target").And.EqualTo(outcome.Reason));
        });
    }

    [Test]
    public void A_guest_that_moved_since_is_short_and_nobodys_fault()
    {
        var (outcome, fault) = OutcomeCheck.Judge(Outcome.Reached(Half.Target, "done"), Half, At(515));

        Assert.That((outcome.Kind, fault), Is.EqualTo((OutcomeKind.Short, (string?)null)));
    }

    [Test]
    public void A_balloon_above_a_pager_has_reached_what_the_guest_itself_has()
    {
        var (outcome, fault) = OutcomeCheck.Judge(Outcome.Reached(Half.Target, "done"), Half, At(300, paged: 212));

        Assert.That((outcome.Kind, fault), Is.EqualTo((OutcomeKind.Reached, (string?)null)));
    }

    [TestCase(null, "the actor returned no outcome")]
    [TestCase(OutcomeKind.Superseded, "the actor said 'Superseded', which only the host can say; it said why: so")]
    [TestCase(OutcomeKind.Quarantined, "the actor said 'Quarantined', which only the host can say; it said why: so")]
    [TestCase((OutcomeKind)99, "the actor said '99', which only the host can say; it said why: so")]
    public void What_is_no_actors_word_is_a_failure(OutcomeKind? said, string expected)
    {
        var outcome = said is { } kind ? Outcome.Unable(Kib.Zero, "so") with { Kind = kind } : null;

        var (judged, fault) = OutcomeCheck.Judge(outcome, Half, At(1024));

        Assert.That((judged.Kind, judged.Reason, fault), Is.EqualTo((OutcomeKind.Failed, expected, expected)));
    }

    [TestCase(null, "the actor gave no reason")]
    [TestCase(" \n", "the actor gave no reason")]
    [TestCase("red \u001b[31m\nline", @"red \x1b[31m\nline")]
    public void A_reason_is_one_line_that_a_terminal_can_show(string? said, string shown) =>
        Assert.That(OutcomeCheck.Judge(Outcome.Short(Kib.Zero, said!), Half, At(1024)).Outcome.Reason, Is.EqualTo(shown));

    [Test]
    public void A_reason_as_long_as_a_book_is_cut() =>
        Assert.That(OutcomeCheck.Judge(Outcome.Short(Kib.Zero, new string('x', 1 << 20)), Half, At(1024)).Outcome.Reason, Has.Length.EqualTo(501));

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
