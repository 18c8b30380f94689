using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Specs;
using static Actors.Sim.Tests.Specs;

namespace Actors.Sim.Tests.Domains;

/// <summary>Domains that are filled over time: with claims of the hypervisor, with claims of the toolstack, and when they arrive from another host.</summary>
internal sealed class BuildTests
{
    private static readonly HostSpec Host = new() { Memory = Kib.FromGiB(4), Dom0Memory = MiB(512), XenVersion = new Version(4, 19) };

    [Test]
    public void A_domain_is_filled_at_its_rate_and_boots_then() => World.Run(async world =>
    {
        var build = world.Toolstack.FillAsync(Domain("new", mebibytes: 1000), Build(ClaimBy.Hypervisor));
        await world.Clock.After(5);
        var domain = world.Host.Find("new")!;
        Assert.That(domain.Info.Footprint.Value, Is.EqualTo(MiB(500).Value).Within(MiB(15).Value));
        Assert.That((domain.State, domain.TotPages + domain.Claims.Outstanding), Is.EqualTo((DomainState.Booting, MiB(1000).ToPages())));
        await build;
        await world.Clock.After(3);
        Assert.That((domain.State, domain.Info.Footprint), Is.EqualTo((DomainState.Running, MiB(1000))));
    }, Host);

    [TestCase(nameof(ClaimBy.Nothing), false)]
    [TestCase(nameof(ClaimBy.Hypervisor), true)]
    [TestCase(nameof(ClaimBy.Toolstack), true)]
    public void Only_a_claim_keeps_the_memory_of_a_domain_from_guests_that_grow_meanwhile(string claimBy, bool built) => World.Run(async world =>
    {
        var grower = await GrowerAsync(world);
        await world.Clock.After(10);
        var build = world.Toolstack.FillAsync(Domain("new", mebibytes: 2500), Build(Enum.Parse<ClaimBy>(claimBy)));
        await world.Clock.After(5);
        await world.WriteAsync(grower, DomainKeys.BalloonTarget, MiB(2000));
        if (built)
            await build;
        else
            Assert.That(await FailureAsync(build), Does.Contain("new got only"));

        Assert.That(world.Toolstack.Claims.BuildsFailed, Is.EqualTo(built ? 0 : 1));
        Assert.That(world.Host.Find("new") is not null, Is.EqualTo(built));
        Assert.That(grower.MaxPages, Is.EqualTo(MiB(2049).ToPages()), "max_mem is as before");
    }, Host);

    [Test]
    public void A_claim_of_the_toolstack_keeps_a_guest_from_growing_although_the_host_has_memory_for_it() => World.Run(async world =>
    {
        var grower = await GrowerAsync(world);
        await world.BootAsync(Domain("idle", mebibytes: 256));
        await world.Clock.After(10);
        var build = world.Toolstack.FillAsync(Domain("new", mebibytes: 2000), Build(ClaimBy.Toolstack));
        await world.Clock.After(1);
        await world.WriteAsync(grower, DomainKeys.BalloonTarget, MiB(2000));
        await build;

        Assert.That(world.Toolstack.GuestOf(grower)!.BlockedByMaxMem.TotalSeconds, Is.InRange(13, 16));
        Assert.That(world.Host.FreePages, Is.GreaterThan(Pages.Zero));
    }, Host);

    [Test]
    public void A_guest_that_grows_between_reading_and_setting_makes_the_toolstacks_claim_fail_although_there_is_enough() => World.Run(async world =>
    {
        var grower = await GrowerAsync(world);
        foreach (var name in new[] { "a", "b", "c" })
            await world.BootAsync(Domain(name, mebibytes: 128));
        await world.WriteAsync(grower, DomainKeys.BalloonTarget, MiB(700));
        await world.Clock.After(0.1);

        // A hundred MiB are left, so each of the four domains may grow by 25. The toolstack is back at the first one after 400 ms, and then it has grown by 40.
        var build = world.Toolstack.FillAsync(Domain("new", mebibytes: 2580), Build(ClaimBy.Toolstack));

        Assert.That(await FailureAsync(build), Does.Contain("cannot keep"));
        var log = world.Toolstack.Claims;
        Assert.That((log.Granted, log.Refused, log.FalseNegatives, log.Races), Is.EqualTo((0, 1, 1, 1)));
        Assert.That(grower.MaxPages, Is.EqualTo(MiB(2049).ToPages()), "everything is rolled back");
    }, Host with { ToolstackStep = TimeSpan.FromMilliseconds(100) });

    [Test]
    public void The_toolstack_freezes_tmem_during_its_claim_and_thaws_it_afterwards() => World.Run(async world =>
    {
        var spec = Domain("user");
        var user = await world.BootAsync(spec with { Guest = spec.Guest with { Tmem = new TmemSpec { Ephemeral = MiB(1000) } } });
        var build = world.Toolstack.FillAsync(Domain("new", mebibytes: 1000), Build(ClaimBy.Toolstack));
        await world.Clock.After(2);
        Assert.That(user.Tmem.Frozen, Is.True);
        await build;
        Assert.That(user.Tmem.Frozen, Is.False);
    }, Host with { XenVersion = new Version(4, 12) });

    [Test]
    public void A_domain_arrives_with_its_memory_and_another_leaves_with_all_of_its_own() => World.Run(async world =>
    {
        var leaver = await world.BootAsync(Domain("leaver", mebibytes: 1024));
        var leave = world.Toolstack.LeaveAsync(leaver.Domid);
        await world.Clock.After(9);
        Assert.That(leaver.Info.Footprint, Is.EqualTo(MiB(1024)), "it holds its memory until all of it is on the other host");
        await leave;
        Assert.That(world.Host.FreePages.ToKib(), Is.EqualTo(MiB(4096 - 512)));

        var spec = Domain("guest", mebibytes: 1024, workingSet: 100);
        await world.Toolstack.FillAsync(spec, Build(ClaimBy.Nothing) with { Arrives = MiB(600) });
        var domain = world.Host.Find("guest")!;
        Assert.That((domain.State, domain.Info.Footprint, domain.MaxPages.ToKib()), Is.EqualTo((DomainState.Running, MiB(600), MiB(601))));
        await world.BalloonAsync(domain, MiB(1024));
        await world.Clock.After(10);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(1024)));
    }, Host with { MigrationRate = Rate.MiBPerSecond(100) });

    /// <summary>Why a build failed; <see langword="null"/> if it did not.</summary>
    private static async Task<string?> FailureAsync(Task build)
    {
        try
        {
            await build;
            return null;
        }
        catch (InvalidOperationException error)
        {
            return error.Message;
        }
    }

    private static BuildSpec Build(ClaimBy claimBy) => new() { Rate = Rate.MiBPerSecond(100), ClaimBy = claimBy };

    /// <summary>A guest that holds 513 MiB and may grow to 2 GiB.</summary>
    private static async Task<SimulatedDomain> GrowerAsync(World world)
    {
        var grower = await world.BootAsync(Domain("grower", mebibytes: 512, balloon: new BalloonSpec { Rate = Rate.MiBPerSecond(100) }) with { StaticMax = MiB(2048) });
        grower.SetMaxMem(MiB(2049));
        return grower;
    }
}
