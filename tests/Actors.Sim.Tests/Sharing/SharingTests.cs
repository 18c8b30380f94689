using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Memory;
using Actors.Sim.Specs;
using static Actors.Sim.Tests.Specs;

namespace Actors.Sim.Tests;

internal sealed class SharingTests
{
    [Test]
    public void A_shared_page_belongs_to_no_domain_and_exists_once() => World.Run(async world =>
    {
        var (a, b) = (await BootAsync(world, "a"), await BootAsync(world, "b"));
        var free = await FreeAsync(world);

        var shared = await SharingOf(world, a).ShareAsync(MiB(2048).ToPages());

        Assert.Multiple(() =>
        {
            Assert.That(shared.ToKib(), Is.EqualTo(MiB(150)), "50 MiB of zeroes and 100 MiB of the image");
            Assert.That(a.Info.Footprint, Is.EqualTo(MiB(1024 - 150)));
            Assert.That(b.Info.Footprint, Is.EqualTo(MiB(1024 - 100)), "it lends its pages of the image");
            Assert.That(world.Host.SharedFrames.Frames, Is.EqualTo(MiB(100).ToPages() + new Pages(1)));
        });
        Assert.That(await FreeAsync(world), Is.EqualTo(free + MiB(150) - new Kib(Pages.KibPerPage)));
    });

    [Test]
    public void A_page_that_only_one_domain_still_shares_becomes_its_own_only_as_far_as_its_max_mem_allows() => World.Run(async world =>
    {
        var (a, b) = (await BootAsync(world, "a"), await BootAsync(world, "b"));
        await SharingOf(world, a).ShareAsync(MiB(2048).ToPages());
        a.SetMaxMem(a.Info.Footprint + MiB(30));
        var footprint = a.Info.Footprint;

        await world.Toolstack.DestroyAsync(b.Domid);

        Assert.Multiple(() =>
        {
            Assert.That(a.Info.Footprint, Is.EqualTo(footprint + MiB(30)));
            Assert.That(world.Host.SharedFrames.Frames, Is.EqualTo(MiB(70).ToPages() + new Pages(1)));
        });
    });

    [Test]
    public void It_takes_as_long_as_its_rate_says() => World.Run(async world =>
    {
        var a = await BootAsync(world, "a");
        await BootAsync(world, "b");
        var begun = world.Clock.Elapsed;

        await SharingOf(world, a).ShareAsync(MiB(150).ToPages());

        Assert.That((world.Clock.Elapsed - begun).TotalSeconds, Is.EqualTo(5).Within(1));
    }, new HostSpec { SharingRate = Rate.MiBPerSecond(30) });

    [Test]
    public void Touching_the_working_set_takes_its_shared_pages_back() => World.Run(async world =>
    {
        var (a, b) = (await BootAsync(world, "a", fileCache: 40), await BootAsync(world, "b", fileCache: 40));
        await SharingOf(world, a).ShareAsync(MiB(2048).ToPages());
        Assert.That(a.Memory.SharedOf(PageClass.Hot), Is.GreaterThan(Pages.Zero));

        await world.Clock.After(TimeSpan.FromMinutes(2));

        Assert.Multiple(() =>
        {
            Assert.That(a.Memory.SharedOf(PageClass.Hot) + b.Memory.SharedOf(PageClass.Hot), Is.EqualTo(Pages.Zero));
            Assert.That(a.Memory.SharedOf(PageClass.ActiveCache) + a.Memory.SharedOf(PageClass.InactiveCache), Is.EqualTo(MiB(40).ToPages()), "what is only read stays");
        });
        var first = (await SharingOf(world, a).InspectAsync()).TakenBack;
        Assert.That(first, Is.GreaterThan(Pages.Zero));
        Assert.That((await SharingOf(world, a).ShareAsync(MiB(2048).ToPages())).ToKib(), Is.LessThan(MiB(100 - 40)), "what was written to differs");
    });

    [Test]
    public void A_guest_that_writes_a_shared_page_waits_until_there_is_memory() => World.Run(async world =>
    {
        var a = await BootAsync(world, "a");
        await BootAsync(world, "b");
        await SharingOf(world, a).ShareAsync(MiB(2048).ToPages());
        a.SetMaxMem(a.Info.Footprint);

        Assert.That(a.Use(PageClass.Free, PageClass.Hot, MiB(10).ToPages()), Is.EqualTo(Pages.Zero));

        a.SetMaxMem(MiB(1025));
        Assert.That(a.Use(PageClass.Free, PageClass.Hot, MiB(10).ToPages()).ToKib(), Is.EqualTo(MiB(10)));
    });

    [Test]
    public void Ballooning_a_shared_page_gains_nothing() => World.Run(async world =>
    {
        var a = await BootAsync(world, "a");
        await BootAsync(world, "b");
        await SharingOf(world, a).ShareAsync(MiB(2048).ToPages());
        var (before, cache) = (a.Info.Footprint, a.Memory.SharedOf(PageClass.InactiveCache));

        a.Inflate(PageClass.InactiveCache, a.Memory.Of(PageClass.InactiveCache));

        Assert.That(cache, Is.GreaterThan(Pages.Zero));
        Assert.That(before - a.Info.Footprint, Is.EqualTo(Kib.Zero), "all of them were shared");
    });

    [Test]
    public void The_pager_leaves_shared_pages_alone() => World.Run(async world =>
    {
        var a = await BootAsync(world, "a");
        await BootAsync(world, "b");
        await SharingOf(world, a).ShareAsync(MiB(2048).ToPages());

        a.PageOut(MiB(2048).ToPages());

        Assert.That(a.Memory.Shared.ToKib(), Is.EqualTo(MiB(150)));
    });

    [Test]
    public void A_domain_that_is_moved_to_another_group_stops_sharing_with_the_old_one() => World.Run(async world =>
    {
        var (a, b, c) = (await BootAsync(world, "a"), await BootAsync(world, "b"), await BootAsync(world, "c"));
        await SharingOf(world, a).ShareAsync(MiB(2048).ToPages());
        await world.Toolstack.WriteAsync(a.Domid, DomainKeys.SharingGroup, "other");

        await SharingOf(world, b).ShareAsync(MiB(2048).ToPages());

        Assert.That(world.Host.SharedFrames.In("web").Where(domain => domain.Memory.Shared > Pages.Zero), Is.EquivalentTo(new[] { b, c }));
        Assert.That(a.Memory.Shared, Is.EqualTo(Pages.Zero));
    });

    [Test]
    public void A_hypervisor_without_sharing_offers_none() => World.Run(async world =>
    {
        var a = await BootAsync(world, "a");
        Assert.That(world.Host.GetMechanism<ISharing>(a.Domid).WhyNot, Does.Contain("CONFIG_MEM_SHARING"));
    }, new HostSpec { Sharing = false });

    private static ISharing SharingOf(World world, SimulatedDomain domain) => world.Host.GetMechanism<ISharing>(domain.Domid).Mechanism!;

    private static async Task<Kib> FreeAsync(World world) => (await world.Host.GetHostMemoryAsync()).Free;

    private static Task<SimulatedDomain> BootAsync(World world, string name, long fileCache = 200)
    {
        var spec = Domain(name, workingSet: 100, fileCache: fileCache);
        var contents = new ContentSpec { Zero = MiB(50), Images = [("debian", MiB(100))] };
        return world.BootAsync(spec with { SharingGroup = "web", Guest = spec.Guest with { Contents = contents } });
    }
}
