using Actors.Dispatch.Domains;
using Actors.Sdk;

namespace Actors.Dispatch.Tests.Domains;

internal sealed class HostRoomTests
{
    private readonly HostRoom _room = new();

    [Test]
    public async Task A_domain_gets_what_is_free_above_the_reserve_and_not_claimed() =>
        Assert.That(await GrantAsync(1, amount: 1024, free: 372, claimed: 100), Is.EqualTo(Kib.FromMiB(200)));

    [Test]
    public async Task A_domain_gets_no_more_than_it_requests() =>
        Assert.That(await GrantAsync(1, amount: 6, free: 372), Is.EqualTo(Kib.FromMiB(6)));

    [Test]
    public async Task A_host_that_is_below_its_reserve_gives_nothing() =>
        Assert.That(await GrantAsync(1, amount: 1024, free: 10), Is.EqualTo(Kib.Zero));

    [Test]
    public async Task What_was_granted_to_one_domain_and_not_taken_yet_is_not_granted_to_another()
    {
        await GrantAsync(1, amount: 200, free: 372);
        Assert.That(await GrantAsync(2, amount: 1024, free: 372), Is.EqualTo(Kib.FromMiB(100)));

        await GrantAsync(1, amount: 100, free: 272);
        Assert.That(await GrantAsync(2, amount: 1024, free: 272), Is.EqualTo(Kib.FromMiB(100)), "the first one has taken half of it");

        _room.End(1);
        Assert.That(await GrantAsync(2, amount: 1024, free: 272), Is.EqualTo(Kib.FromMiB(200)), "the first one takes no more");
    }

    [Test]
    public async Task A_domain_sees_what_others_were_granted_as_claimed()
    {
        await GrantAsync(1, amount: 200, free: 372);

        Assert.That((await _room.GrantAsync(2, Kib.FromMiB(1), () => new(Host(372, 0)))).Host.Claimed, Is.EqualTo(Kib.FromMiB(200)));
    }

    private async Task<Kib> GrantAsync(int domid, long amount, long free, long claimed = 0) =>
        (await _room.GrantAsync(domid, Kib.FromMiB(amount), () => new(Host(free, claimed)))).Amount;

    private static HostMemory Host(long free, long claimed) =>
        new(Kib.FromGiB(8), Kib.FromMiB(free), Kib.FromMiB(claimed)) { Reserve = Kib.FromMiB(72) };
}
