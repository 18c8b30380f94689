using Actors.Paging;
using Actors.Sdk;
using NSubstitute;
using static Actors.Plugins.Tests.Infos;

namespace Actors.Plugins.Tests.Paging;

internal sealed class PagingRulesTests
{
    [TestCase(512, 0, OutcomeKind.Reached, TestName = "Already at the target")]
    [TestCase(400, 0, OutcomeKind.Short, TestName = "A pager cannot make a guest larger")]
    [TestCase(600, 0, null, TestName = "Too large: the pager is needed")]
    [TestCase(400, 200, null, TestName = "Pages are out: the pager is needed")]
    public void No_pager_is_started_when_it_could_not_help(long footprint, long pagedOut, OutcomeKind? kind) =>
        Assert.That(PagingRules.NothingToDo(Of(footprint, pagedOut), Target(512))?.Kind, Is.EqualTo(kind));

    [TestCase(512, 512, OutcomeKind.Reached)]
    [TestCase(700, 324, null)]
    [TestCase(400, 0, OutcomeKind.Short)]
    public void It_ends_at_the_target_or_when_everything_is_paged_in(long footprint, long pagedOut, OutcomeKind? kind) =>
        Assert.That(PagingRules.OutcomeOf(Of(1024), Of(footprint, pagedOut), Target(512))?.Kind, Is.EqualTo(kind));

    [TestCase(1024, 512, "the pager went from 1 GiB to 512 MiB, with 512 MiB paged out")]
    [TestCase(512, 512, "the footprint is already 512 MiB, with 512 MiB paged out")]
    public void The_reason_says_how_the_target_was_reached(long from, long to, string reason) =>
        Assert.That(PagingRules.OutcomeOf(Of(from), Of(to, 512), Target(512))?.Reason, Is.EqualTo(reason));

    [TestCase(600, 400, 2048, "88 MiB above the target: the guest's other pages cannot be paged out")]
    [TestCase(400, 200, 410, "112 MiB below the target: the domain's max_mem of 410 MiB is too low; raise it (xl mem-max)")]
    [TestCase(400, 200, 512, "112 MiB below the target: the host may have no free memory (check 'xl info'); free some")]
    public void A_stuck_pager_is_explained(long footprint, long pagedOut, long maxMem, string reason) =>
        Assert.That(PagingRules.WhyStuck(Of(footprint, pagedOut, maxMem: maxMem), Target(512), TimeSpan.FromSeconds(30)),
            Is.EqualTo($"the pager has not moved for 30 s, {reason}, or check its log"));

    [TestCase(600, 400, 2048, LackKinds.None, 0)]
    [TestCase(400, 200, 410, LackKinds.MaxMem, 0)]
    [TestCase(400, 200, 512, LackKinds.HostMemory, 112)]
    public void A_stuck_pager_says_what_it_waits_for(long footprint, long pagedOut, long maxMem, LackKinds kinds, long hostMemory)
    {
        var lack = PagingRules.WhatIsMissing(Of(footprint, pagedOut, maxMem: maxMem), Target(512)) ?? new Lack(LackKinds.None);
        Assert.That((lack.Kinds, lack.HostMemory), Is.EqualTo((kinds, Kib.FromMiB(hostMemory))));
    }

    [TestCase(512, "the footprint is already at the target, and nothing is paged out")]
    [TestCase(513, "the footprint is already at the target, and nothing is paged out")]
    [TestCase(400, "nothing is paged out, and the guest itself has no more than 400 MiB")]
    public void The_reason_says_why_no_pager_is_needed(long footprint, string reason) =>
        Assert.That(PagingRules.NothingToDo(Of(footprint), Target(512))?.Reason, Is.EqualTo(reason));

    [Test]
    public void When_everything_is_paged_in_the_guest_itself_is_the_limit() =>
        Assert.That(PagingRules.OutcomeOf(Of(1024), Of(400), Target(512))?.Reason, Is.EqualTo("everything is paged in, and the guest itself has no more than 400 MiB"));

    [Test]
    public void A_footprint_above_the_target_without_paged_out_pages_is_no_end() =>
        Assert.That(PagingRules.OutcomeOf(Of(1024), Of(600), Target(512)), Is.Null);

    [TestCase(1024 * 1024, "the pager went from 1 GiB to 1023 MiB, with 0 KiB paged out")]
    [TestCase((1024 * 1024) - 1, "the footprint is already 1023 MiB, with 0 KiB paged out")]
    public void A_change_of_less_than_1_MiB_does_not_count_as_moved(int start, string reason) =>
        Assert.That(PagingRules.OutcomeOf(Of(0) with { TotPages = new Pages(start / 4) }, Of(1023), Target(1023))?.Reason, Is.EqualTo(reason));

    [TestCase("killed", 0, "the pager ended unexpectedly: killed")]
    [TestCase(null, 0, "the pager ended unexpectedly: it gave no reason; check its log")]
    [TestCase("killed", 100, "the pager ended unexpectedly: killed; the 100 MiB that it had paged out are lost, and the guest crashes when it touches them: restart the guest")]
    public void A_dead_pager_is_explained(string? fault, long pagedOut, string reason)
    {
        var pager = Substitute.For<IPaging>();
        pager.Fault.Returns(fault);

        Assert.That(PagingRules.WhyDied(pager, Of(1024, pagedOut)), Is.EqualTo(reason));
    }

    [Test]
    public void Only_a_smaller_distance_counts_as_progress()
    {
        var progress = new PagingProgress(Kib.FromMiB(100), 0).Observe(Kib.FromMiB(90), 1).Observe(Kib.FromMiB(95), 2).Observe(Kib.FromMiB(90), 3);

        Assert.That(progress, Is.EqualTo(new PagingProgress(Kib.FromMiB(90), 1)));
    }
}
