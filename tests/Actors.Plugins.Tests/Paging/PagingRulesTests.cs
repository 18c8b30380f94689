using Actors.Paging;
using Actors.Sdk;
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
    [TestCase(400, 200, 410, "112 MiB below the target: the domain's max_mem of 410 MiB is too low")]
    [TestCase(400, 200, 2048, "112 MiB below the target: the host may have no free memory")]
    public void A_stuck_pager_is_explained(long footprint, long pagedOut, long maxMem, string reason) =>
        Assert.That(PagingRules.WhyStuck(Of(footprint, pagedOut, maxMem: maxMem), Target(512), TimeSpan.FromSeconds(30)), Does.Contain(reason));
}
