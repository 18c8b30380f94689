using Actors.Hinting;
using Actors.Sdk;
using Actors.Sdk.Testing;
using static Actors.Plugins.Tests.Infos;

namespace Actors.Plugins.Tests.Hinting;

internal sealed class HintingActorTests
{
    [Test]
    public async Task It_discards_what_the_guest_volunteered_and_no_more_than_the_target_needs()
    {
        var domain = Volunteers(unused: 200, ofCache: 300);
        var outcome = await new HintingActor().ReachAsync(domain, Target(700), default);
        Assert.That((outcome.Kind, outcome.Footprint, outcome.Reason),
            Is.EqualTo((OutcomeKind.Reached, Kib.FromMiB(700), "324 MiB that the guest volunteered are discarded")));
        Assert.That(domain.Hinting.Status, Is.EqualTo(new HintingStatus(Pages.Zero, MiB(176), MiB(324), Kib.FromMiB(700))));
        Assert.That(domain.Pager.Running, Is.False);
    }

    [Test]
    public async Task It_is_short_when_the_guest_volunteered_less()
    {
        var outcome = await new HintingActor().ReachAsync(Volunteers(unused: 100, ofCache: 0), Target(512), default);
        Assert.That((outcome.Kind, outcome.Reason, outcome.Lacks), Is.EqualTo((OutcomeKind.Short,
            "100 MiB that the guest volunteered are discarded; 412 MiB short: the guest volunteers no more", new Lack(LackKinds.GuestMemory))));
    }

    [Test]
    public async Task It_never_goes_below_the_floor()
    {
        var outcome = await new HintingActor().ReachAsync(Volunteers(unused: 900, ofCache: 0), Target(512, floor: 600), default);
        Assert.That((outcome.Footprint, outcome.Reason), Is.EqualTo((Kib.FromMiB(600),
            "424 MiB that the guest volunteered are discarded; 88 MiB short: 476 MiB more are volunteered, but the floor is 600 MiB")));
    }

    [Test]
    public async Task A_higher_target_gives_pages_back_as_far_as_the_host_has_memory()
    {
        var domain = Volunteers(unused: 500, ofCache: 0);
        await new HintingActor().ReachAsync(domain, Target(600), default);
        domain.Host = new HostMemory(Kib.FromGiB(8), Kib.FromMiB(1000), Kib.Zero);
        Assert.That(await new HintingActor().ReachAsync(domain, Target(900), default), Has.Property("Kind").EqualTo(OutcomeKind.Reached).And.Property("Footprint").EqualTo(Kib.FromMiB(900)));

        domain.Host = new HostMemory(Kib.FromGiB(8), Kib.Zero, Kib.Zero);
        var outcome = await new HintingActor().ReachAsync(domain, Target(1000), default);
        Assert.That((outcome.Kind, outcome.Lacks), Is.EqualTo((OutcomeKind.Short, Lack.OfHostMemory(Kib.FromMiB(100)))));
    }

    [Test]
    public async Task A_release_lifts_the_limit_and_gives_everything_back()
    {
        var domain = Volunteers(unused: 500, ofCache: 100);
        await new HintingActor().ReachAsync(domain, Target(500), default);
        await new HintingActor().ReleaseAsync(domain, default);
        Assert.That((domain.Info.Footprint, domain.Info.DiscardedPages, domain.Hinting.Status.Limit), Is.EqualTo((Kib.FromGiB(1), Pages.Zero, (Kib?)null)));
        Assert.That(await domain.Store.ReadAsync("memory-policy/hinting/engaged"), Is.Null);
    }

    [Test]
    public async Task A_release_that_the_host_has_no_memory_for_says_so_and_can_be_repeated()
    {
        var domain = Volunteers(unused: 500, ofCache: 0);
        await new HintingActor().ReachAsync(domain, Target(600), default);
        domain.Host = new HostMemory(Kib.FromGiB(8), Kib.FromMiB(100), Kib.Zero);
        domain.Info = domain.Info with { MaxPages = MiB(700) };
        await Assert.ThatAsync(() => new HintingActor().ReleaseAsync(domain, default), Throws.TypeOf<MechanismException>().With.Message.EqualTo(
            "324 MiB are still discarded: to give them back the domain needs that much memory, but its max_mem of 700 MiB allows only 0 KiB; raise max_mem"));

        domain.Info = domain.Info with { MaxPages = MiB(1025) };
        domain.Host = null;
        await new HintingActor().ReleaseAsync(domain, default);
        Assert.That(domain.Info.Footprint, Is.EqualTo(Kib.FromGiB(1)));
    }

    [Test]
    public async Task It_is_unable_with_the_hypervisors_reason()
    {
        var domain = Volunteers(unused: 500, ofCache: 0);
        domain.Withhold<IHinting>("Xen 4.17 has no interface by which a guest marks its pages unused or volatile");
        var outcome = await new HintingActor().ReachAsync(domain, Target(600), default);
        Assert.That((outcome.Kind, outcome.Reason), Is.EqualTo((OutcomeKind.Unable, "Xen 4.17 has no interface by which a guest marks its pages unused or volatile")));
    }

    private static FakeDomain Volunteers(long unused, long ofCache)
    {
        var domain = new FakeDomain(new FakeClock());
        domain.Hinting.Status = new HintingStatus(MiB(unused), MiB(ofCache), Pages.Zero, null);
        return domain;
    }

    private static Pages MiB(long amount) => Kib.FromMiB(amount).ToPages();
}
