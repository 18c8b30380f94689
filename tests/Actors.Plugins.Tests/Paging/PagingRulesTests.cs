using Actors.Paging;
using Actors.Sdk;
using static Actors.Plugins.Tests.Infos;

namespace Actors.Plugins.Tests.Paging;

internal sealed class PagingRulesTests
{
    [TestCase(512, 0, OutcomeKind.Reached, TestName = "There already")]
    [TestCase(400, 0, OutcomeKind.Short, TestName = "A pager makes no guest larger")]
    [TestCase(600, 0, null, TestName = "Too large: there is work")]
    [TestCase(400, 200, null, TestName = "Pages are out: there is work")]
    public void There_is_nothing_to_do_where_a_pager_can_do_nothing(long footprint, long pagedOut, OutcomeKind? kind) =>
        Assert.That(PagingRules.NothingToDo(Of(footprint, pagedOut), Target(512))?.Kind, Is.EqualTo(kind));

    [TestCase(512, 512, OutcomeKind.Reached)]
    [TestCase(700, 324, null)]
    [TestCase(400, 0, OutcomeKind.Short)]
    public void It_ends_at_the_target_or_when_everything_is_in(long footprint, long pagedOut, OutcomeKind? kind) =>
        Assert.That(PagingRules.Judge(Of(1024), Of(footprint, pagedOut), Target(512))?.Kind, Is.EqualTo(kind));
}
