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
        claimer.Claim(claimer.TotPages.ToKib() + world.Host.FreePages.ToKib());
        other.Inflate(PageClass.Free, new Pages(1000));
        other.Deflate(new Pages(2000));
        other.PageOut(new Pages(100));

        // The thousand pages came back; there is nothing else.
        Assert.That(other.Memory.Of(PageClass.Ballooned), Is.EqualTo(Pages.Zero));
        Assert.That(() => world.Host.Build(Domain("third")), Throws.InstanceOf<HypervisorException>());
        Assert.That((await world.Host.GetHostMemoryAsync()).Claimed, Is.EqualTo(claimer.Claimed.ToKib()));
    }, Host);

    [TestCase("1024", "is not between")]
    [TestCase("9000", "is not between")]
    [TestCase("3900", "more are needed, and")]
    public void A_claim_that_Xen_refuses_is_refused(string mebibytes, string why) => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain());
        domain.SetMaxMem(MiB(4096));

        Assert.That(() => domain.Claim(MiB(long.Parse(mebibytes))), Throws.InstanceOf<HypervisorException>().With.Message.Contains(why));
        domain.Claim(MiB(2048));
        Assert.That(() => domain.Claim(MiB(2048)), Throws.InstanceOf<HypervisorException>().With.Message.Contains("has a claim already"));
    }, Host);

    [TestCase("4.17", 1000)]
    [TestCase("4.19", 0)]
    public void A_page_that_is_freed_grows_a_claim_only_before_4_19(string version, int grown) => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain());
        domain.SetMaxMem(MiB(4096));
        domain.Claim(MiB(2048));
        var before = domain.Claimed;
        domain.Inflate(PageClass.Free, new Pages(1000));

        Assert.That(domain.Claimed - before, Is.EqualTo(new Pages(grown)));
    }, Host with { XenVersion = Version.Parse(version) });

    [Test]
    public void An_allocation_uses_the_claim_up_and_the_end_of_the_domain_gives_it_back() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain());
        domain.Inflate(PageClass.Free, new Pages(1000));
        domain.SetMaxMem(MiB(4096));
        domain.Claim(MiB(2048));
        var before = domain.Claimed;
        domain.Deflate(new Pages(400));

        Assert.That(before - domain.Claimed, Is.EqualTo(new Pages(400)));
        await world.Toolstack.DestroyAsync(domain.Domid);
        Assert.That((await world.Host.GetHostMemoryAsync()).Claimed, Is.EqualTo(Kib.Zero));
    }, Host);
}
