using Actors.Sdk;
using Actors.Sim.Paging;

namespace Actors.Sim.Tests;

internal sealed class PagerRulesTests
{
    private static readonly Pages Most = new(1000);

    [TestCase(null, null)]
    [TestCase("0", null)]
    [TestCase("all", null)]
    [TestCase("400", 100)]
    [TestCase("-4", 1000)]
    [TestCase("8000", 1000)]
    public void A_target_is_read_as_xenpaging_reads_it(string? key, int? pages) =>
        Assert.That(PagerRules.Target(key, Most)?.Value, Is.EqualTo(pages));

    [TestCase(500, 600, 0, 64, 0, TestName = "Above its target, pages go out")]
    [TestCase(500, 510, 0, 10, 0, TestName = "Not more go out than are above")]
    [TestCase(500, 400, 300, 0, 64, TestName = "Below it, pages come in")]
    [TestCase(500, 400, 30, 0, 30, TestName = "Not more come in than are out")]
    [TestCase(500, 500, 300, 0, 0, TestName = "At its target, it rests")]
    [TestCase(null, 500, 300, 0, 64, TestName = "Without a target, all come in")]
    public void It_moves_by_batches(int? target, int totPages, int pagedOut, int expectedOut, int expectedIn) =>
        Assert.That(
            PagerRules.Next(target is { } goal ? new Pages(goal) : null, new Pages(totPages), new Pages(pagedOut), new Pages(64), new Pages(64)),
            Is.EqualTo(new PagerStep(new Pages(expectedOut), new Pages(expectedIn))));
}
