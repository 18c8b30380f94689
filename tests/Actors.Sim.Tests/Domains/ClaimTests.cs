using Actors.Sdk;
using Actors.Sim.Memory;
using Actors.Sim.Specs;
using static Actors.Sim.Tests.Specs;

namespace Actors.Sim.Tests.Domains;

internal sealed class ClaimTests
{
    private static readonly HostSpec Host = new() { Memory = Kib.FromGiB(4), XenVersion = new Version(4, 19) };

    [Test]
    public void Others_cannot_take_what_is_claimed() => World.Run(async world =>
    {
        var (claimer, other) = (await world.BootAsync(Domain("claimer")), await world.BootAsync(Domain("other", mebibytes: 512)));
        claimer.SetMaxMem(MiB(4096));
        claimer.Claims.Claim(claimer.TotPages.ToKib() + world.Host.FreePages.ToKib());
        other.Inflate(PageClass.Free, new Pages(1000));
        other.Deflate(new Pages(2000));
        other.PageOut(new Pages(100));

        // The thousand pages came back; there is nothing else.
        Assert.That(other.Memory.Of(PageClass.Ballooned), Is.EqualTo(Pages.Zero));
        Assert.That(() => world.Host.Build(Domain("third")), Throws.InstanceOf<HypervisorException>());
        Assert.That((await world.Host.GetHostMemoryAsync()).Claimed, Is.EqualTo(claimer.Claims.Outstanding.ToKib()));
    }, Host);

    [TestCase("1024", "is not between")]
    [TestCase("9000", "is not between")]
    [TestCase("3900", "more are needed, and")]
    public void A_claim_that_Xen_refuses_is_refused(string mebibytes, string why) => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain());
        domain.SetMaxMem(MiB(4096));

        Assert.That(() => domain.Claims.Claim(MiB(long.Parse(mebibytes))), Throws.InstanceOf<HypervisorException>().With.Message.Contains(why));
        domain.Claims.Claim(MiB(2048));
        Assert.That(() => domain.Claims.Claim(MiB(2048)), Throws.InstanceOf<HypervisorException>().With.Message.Contains("has a claim already"));
    }, Host);

    [TestCase("4.17", 1000)]
    [TestCase("4.19", 0)]
    public void A_page_that_is_freed_grows_a_claim_only_before_4_19(string version, int grown) => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain());
        domain.SetMaxMem(MiB(4096));
        domain.Claims.Claim(MiB(2048));
        var before = domain.Claims.Outstanding;
        domain.Inflate(PageClass.Free, new Pages(1000));

        Assert.That(domain.Claims.Outstanding - before, Is.EqualTo(new Pages(grown)));
    }, Host with { XenVersion = Version.Parse(version) });

    [Test]
    public void An_allocation_uses_the_claim_up_and_the_end_of_the_domain_gives_it_back() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain());
        domain.Inflate(PageClass.Free, new Pages(1000));
        domain.SetMaxMem(MiB(4096));
        domain.Claims.Claim(MiB(2048));
        var before = domain.Claims.Outstanding;
        domain.Deflate(new Pages(400));

        Assert.That(before - domain.Claims.Outstanding, Is.EqualTo(new Pages(400)));
        await world.Toolstack.DestroyAsync(domain.Domid);
        Assert.That((await world.Host.GetHostMemoryAsync()).Claimed, Is.EqualTo(Kib.Zero));
    }, Host);

    [Test]
    public void A_claimer_with_100_pages_left_that_asks_for_512_at_once_is_refused_and_gets_the_100_one_by_one() => World.Run(async world =>
    {
        var (claimer, other) = (await world.BootAsync(Domain("claimer")), await world.BootAsync(Domain("other", mebibytes: 512)));
        claimer.Inflate(PageClass.Free, new Pages(1024));
        other.SetMaxMem(MiB(4096));
        claimer.Claims.Claim((claimer.TotPages + new Pages(100)).ToKib());
        other.Claims.Claim(other.TotPages.ToKib() + world.Host.UnclaimedPages.ToKib());

        var machine = world.Host.Machine;
        Assert.That(machine.Admits(new Pages(512), claimer.Account), Is.False);
        Assert.That(machine.Admits(new Pages(100), claimer.Account), Is.True);
        Assert.That(claimer.Deflate(new Pages(512)), Is.EqualTo(new Pages(100)));
        Assert.That(claimer.Claims.Outstanding, Is.EqualTo(Pages.Zero), "the claim has ended");
    }, Host);

    [Test]
    public void An_owner_gets_what_it_has_claimed_and_also_what_nobody_has_claimed() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain());
        domain.Inflate(PageClass.Free, new Pages(1000));
        domain.Claims.Claim((domain.TotPages + new Pages(300)).ToKib());

        Assert.That(domain.Deflate(new Pages(1000)), Is.EqualTo(new Pages(1000)));
        Assert.That(domain.Claims.Outstanding, Is.EqualTo(Pages.Zero));
    }, Host);

    [Test]
    public void A_claim_on_a_dying_domain_leaks_forever_before_4_19() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(mebibytes: 512));
        domain.SetMaxMem(MiB(1024));
        var footprint = domain.Info.Footprint;
        var end = world.Toolstack.DestroyAsync(domain.Domid);
        domain.Claims.Claim(MiB(768));
        await end;
        await world.Clock.After(60);

        // The pages that the dying domain gave back made its claim grow as well.
        Assert.That((await world.Host.GetHostMemoryAsync()).Claimed, Is.EqualTo(MiB(256) + footprint));
    }, Host with { XenVersion = new Version(4, 18) });

    [Test]
    public void A_dying_domain_can_claim_nothing_from_4_19_on() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain(mebibytes: 512));
        domain.SetMaxMem(MiB(1024));
        domain.Claims.Claim(MiB(768));
        var end = world.Toolstack.DestroyAsync(domain.Domid);

        Assert.That((await world.Host.GetHostMemoryAsync()).Claimed, Is.EqualTo(Kib.Zero), "its own claim ends with it");
        Assert.That(() => domain.Claims.Claim(MiB(768)), Throws.InstanceOf<HypervisorException>().With.Message.Contains("is dying"));
        await end;
    }, Host);

    [Test]
    public void With_coloured_caches_there_are_no_claims() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain());
        Assert.That(() => domain.Claims.Claim(MiB(2048)), Throws.InstanceOf<HypervisorException>().With.Message.Contains("coloured"));
    }, Host with { XenVersion = new Version(4, 20), LlcColoring = true });

    [Test]
    public void A_lower_max_mem_does_not_end_a_claim() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain());
        domain.SetMaxMem(MiB(2048));
        domain.Claims.Claim(MiB(2048));
        domain.SetMaxMem(MiB(1024));

        Assert.That(domain.Claims.Outstanding, Is.EqualTo(MiB(1024).ToPages()));
    }, Host);

    [Test]
    public void A_guest_that_grows_during_somebody_elses_claim_gives_up_and_stays_below_its_target_when_the_claim_ends() => World.Run(async world =>
    {
        var (claimer, grower) = (await world.BootAsync(Domain("claimer")), await world.BootAsync(Domain("grower")));
        await world.BalloonAsync(grower, MiB(512));
        await world.Clock.After(10);
        claimer.SetMaxMem(MiB(4096));
        claimer.Claims.Claim(claimer.TotPages.ToKib() + world.Host.UnclaimedPages.ToKib());
        await world.BalloonAsync(grower, MiB(1024));
        await world.Clock.After(30);
        claimer.Claims.Claim(Kib.Zero);
        await world.Clock.After(TimeSpan.FromMinutes(30));

        Assert.That(grower.Info.Footprint, Is.EqualTo(MiB(512)));
        await world.BalloonAsync(grower, MiB(1024) - new Kib(Pages.KibPerPage));
        await world.Clock.After(10);
        Assert.That(grower.Info.Footprint, Is.EqualTo(MiB(1024) - new Kib(Pages.KibPerPage)), "a target moved by one page wakes it");
    }, Host);
}
