using Actors.Sim.Costs;
using Actors.Sim.Memory;

namespace Actors.Sim.Tests.Costs;

internal sealed class PageWalksTests
{
    /// <summary>The table of references by page size of guest and host: the whole walk, and the host's part of it alone.</summary>
    [TestCase(4, 4, 24, 20)]
    [TestCase(4, 3, 19, 15)]
    [TestCase(4, 2, 14, 10)]
    [TestCase(3, 4, 19, 16)]
    [TestCase(3, 3, 15, 12)]
    [TestCase(3, 2, 11, 8)]
    [TestCase(2, 4, 14, 12)]
    [TestCase(2, 3, 11, 9)]
    [TestCase(2, 2, 8, 6)]
    [TestCase(5, 5, 35, 30)]
    public void A_walk_has_as_many_references_as_published(int guest, int host, int references, int ofHost)
    {
        Assert.That(PageWalks.References(guest, host, host), Is.EqualTo(references));
        Assert.That(PageWalks.References(guest, host, host) - PageWalks.Native(guest), Is.EqualTo(ofHost));
    }

    [TestCase(0, 24)]
    [TestCase(1, 19)]
    [TestCase(0.5, 21.5)]
    public void Superpages_that_are_spread_evenly_take_one_reference_from_each_host_walk(double whole, double references) =>
        Assert.That(PageWalks.Average(new MappingShares(whole, whole, 0, 0), hugePages: false, contiguousTables: false), Is.EqualTo(references).Within(1e-9));

    [Test]
    public void With_contiguous_page_tables_only_the_walk_to_the_data_suffers() =>
        Assert.That(PageWalks.Average(new MappingShares(0, 0, 0, 0), hugePages: false, contiguousTables: true), Is.EqualTo(20).Within(1e-9));

    [TestCase(1, 1, 15)]
    [TestCase(0, 0, 19)]
    public void Huge_pages_of_the_guest_shorten_its_own_walk(double whole, double both, double references) =>
        Assert.That(PageWalks.Average(new MappingShares(whole, whole, 1, both), hugePages: true, contiguousTables: false), Is.EqualTo(references).Within(1e-9));
}
