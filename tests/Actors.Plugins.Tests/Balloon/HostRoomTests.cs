using Actors.Balloon;
using Actors.Sdk;
using Actors.Sdk.Testing;

namespace Actors.Plugins.Tests.Balloon;

internal sealed class HostRoomTests
{
    private readonly FakeClock _clock = new();
    private readonly HostRoom _room = new();

    [Test]
    public void A_guest_gets_what_is_free_above_the_reserve_and_not_claimed() =>
        Assert.That(Grant(Domain(1), wanted: 2048, free: 372, claimed: 100), Is.EqualTo(Kib.FromMiB(1024 + 200)));

    [Test]
    public void A_guest_gets_no_more_than_it_wants() =>
        Assert.That(Grant(Domain(1), wanted: 1030, free: 372), Is.EqualTo(Kib.FromMiB(1030)));

    [Test]
    public void A_host_that_is_below_its_reserve_gives_nothing_and_takes_nothing() =>
        Assert.That(Grant(Domain(1), wanted: 2048, free: 10), Is.EqualTo(Kib.FromMiB(1024)));

    [Test]
    public void Without_knowledge_of_the_host_every_growth_is_granted()
    {
        var domain = Domain(1);
        _clock.Run(async () => Assert.That(await _room.GrantAsync(domain, domain.Info, Kib.FromGiB(4), default), Is.EqualTo((Kib.FromGiB(4), (HostMemory?)null))));
    }

    [Test]
    public void What_was_granted_to_one_guest_and_not_taken_yet_is_not_granted_to_another()
    {
        var (first, second) = (Domain(1), Domain(2));
        Grant(first, wanted: 1224, free: 372);

        Assert.That(Grant(second, wanted: 2048, free: 372), Is.EqualTo(Kib.FromMiB(1024 + 100)));

        first.Info = first.Info with { TotPages = Kib.FromMiB(1124).ToPages() };
        _room.Take(first.Info, Kib.FromMiB(1224));
        Assert.That(Grant(second, wanted: 2048, free: 272), Is.EqualTo(Kib.FromMiB(1024 + 100)), "the first one has taken half of it");

        _room.End(1);
        Assert.That(Grant(second, wanted: 2048, free: 272), Is.EqualTo(Kib.FromMiB(1024 + 200)), "the first one takes no more");
    }

    private FakeDomain Domain(int domid) => new(_clock, Kib.FromGiB(1), domid: domid);

    private Kib Grant(FakeDomain domain, long wanted, long free, long claimed = 0)
    {
        domain.Host = new HostMemory(Kib.FromGiB(8), Kib.FromMiB(free), Kib.FromMiB(claimed)) { Reserve = Kib.FromMiB(72) };
        Kib granted = default;
        _clock.Run(async () => granted = (await _room.GrantAsync(domain, domain.Info, Kib.FromMiB(wanted), default)).Footprint);
        return granted;
    }
}
