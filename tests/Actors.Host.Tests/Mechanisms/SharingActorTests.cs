using Actors.Dispatch.Domains;
using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.Sim.Specs;
using Actors.XenStore;

namespace Actors.Host.Tests.Mechanisms;

/// <summary>Which pages the sharing actor finds, shares and gives back.</summary>
internal sealed class SharingActorTests
{
    private static readonly ContentSpec Image = new() { Zero = Kib.FromMiB(100), Images = [("debian", Kib.FromMiB(200))] };

    [Test]
    public void Identical_pages_of_a_group_are_shared_until_the_target_is_reached() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var web1 = await CreateAsync(world, "web-1", "web");
        var web2 = await CreateAsync(world, "web-2", "web");

        var state = await ShareAsync(world, web1, 800);

        Assert.That(state.Outcome, Is.EqualTo("reached"));
        Assert.That(state.Reason, Does.Match("224 MiB of zero and image debian pages shared with 1 domain of group 'web', which frees [0-9.]+ MiB of the host"));
        Assert.That(world.Info(web1), Has.Property("SharedPages").EqualTo(Kib.FromMiB(224).ToPages()).And.Property("Populated").EqualTo(Kib.FromGiB(1)));
        Assert.That(world.Info(web2).SharedPages, Is.EqualTo(Kib.FromMiB(124).ToPages()), "its copies of the image, too");
    });

    [Test]
    public void A_shortfall_is_reported_with_what_was_shared_and_why_there_is_no_more() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var web1 = await CreateAsync(world, "web-1", "web");
        await CreateAsync(world, "web-2", "web");
        await CreateAsync(world, "web-3", "web");
        await CreateAsync(world, "db-1", "db");

        var state = await ShareAsync(world, web1, 624);

        Assert.That(state.Outcome, Is.EqualTo("short"));
        Assert.That(state.Reason, Does.Contain("300 MiB of zero and image debian pages shared with 1 domain of group 'web'"));
        Assert.That(state.Reason, Does.Contain("100 MiB short: no other page is identical to one in group 'web'"));
    });

    [TestCase(null)]
    [TestCase("db")]
    public void Pages_are_never_shared_across_groups(string? other) => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var web1 = await CreateAsync(world, "web-1", "web");
        var db1 = await CreateAsync(world, "db-1", other);

        var state = await ShareAsync(world, web1, 624);

        Assert.That(state.Reason, Does.Contain("100 MiB of zero pages shared within the domain itself"));
        Assert.That(world.Info(db1).SharedPages, Is.EqualTo(Pages.Zero));
    });

    [Test]
    public void A_group_that_the_guest_could_have_written_is_ignored() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var web1 = await CreateAsync(world, "web-1", "web");
        await world.DomainZero.SetPermissionsAsync(
            PolicyKeys.Of(web1, "sharing-group"), new(new(0, NodeAccess.None), new NodePermission(web1, NodeAccess.Both)));

        Assert.That((await ShareAsync(world, web1, 800)).Reason, Does.Contain("the domain is in no sharing group"));
    });

    [Test]
    public void Pages_that_the_guest_writes_are_copied_and_the_target_is_requested_again() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var grows = new WorkloadSpec { Phases = [new() { WorkingSet = new StepShape(Kib.Zero, Kib.FromMiB(700), TimeSpan.FromMinutes(5)), FileCache = Constant(200) }] };
        var web1 = await CreateAsync(world, "web-1", "web", grows);
        await CreateAsync(world, "web-2", "web");
        await ShareAsync(world, web1, 824);
        Assert.That(world.Footprint(web1), Is.EqualTo(Kib.FromMiB(824)));

        var drifted = await world.StateAsync(web1, state => state.Outcome == StateKey.Drifted);
        Assert.That(drifted.Footprint, Is.GreaterThan(Kib.FromMiB(825)), "its free pages are in use now");

        await world.StateAsync(web1, state => state.Final && state.Serial > drifted.Serial);
        Assert.That(world.Journal.Last().Reason, Does.Match("copy-on-write took [0-9.]+ MiB back"));
    });

    [Test]
    public void A_higher_target_and_a_release_give_the_domain_its_own_copies() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var web1 = await CreateAsync(world, "web-1", "web");
        var web2 = await CreateAsync(world, "web-2", "web");
        await ShareAsync(world, web1, 800);

        Assert.That((await ShareAsync(world, web1, 900)).Outcome, Is.EqualTo("reached"));
        Assert.That(world.Info(web1).SharedPages, Is.EqualTo(Kib.FromMiB(124).ToPages()));

        await world.SetAsync(web1, "actor", "external");
        await world.StateAsync(web1, state => state.Outcome == "external");
        foreach (var domid in new[] { web1, web2 })
            Assert.That(world.Info(domid), Has.Property("SharedPages").EqualTo(Pages.Zero).And.Property("Footprint").EqualTo(Kib.FromGiB(1)));
    });

    [Test]
    public void Without_free_memory_for_the_copies_the_reason_says_how_much_is_missing() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var web1 = await CreateAsync(world, "web-1", "web");
        await CreateAsync(world, "web-2", "web");
        await ShareAsync(world, web1, 724);
        var free = (await world.Machine.GetHostMemoryAsync()).Free;
        await world.Toolstack.CreateAsync(new DomainSpec { Name = "big", Kind = DomainKind.Pv, Memory = free - Kib.FromMiB(50) });

        var state = await ShareAsync(world, web1, 1024);

        Assert.That(state.Outcome, Is.EqualTo("short"));
        Assert.That(state.Reason, Does.Match("[0-9.]+ MiB are still shared with 1 domain of group 'web'.*the host has no free memory for it"));
    }, new HostSpec { Memory = Kib.FromGiB(8) });

    [Test]
    public void A_domain_that_is_destroyed_leaves_the_shared_pages_to_the_others() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var web1 = await CreateAsync(world, "web-1", "web");
        var web2 = await CreateAsync(world, "web-2", "web");
        await ShareAsync(world, web1, 724);

        await world.Toolstack.DestroyAsync(web1);

        Assert.That(world.Info(web2), Has.Property("SharedPages").EqualTo(Pages.Zero).And.Property("Footprint").EqualTo(Kib.FromGiB(1)));
        Assert.That(world.Machine.SharedFrames.Frames, Is.EqualTo(Pages.Zero));
    });

    [Test]
    public void A_domain_without_hap_and_one_with_a_device_get_the_reason() => TestWorld.Run(async world =>
    {
        await using var host = await world.StartHostAsync();
        var flat = await CreateAsync(world, "flat", "web", change: spec => spec with { Hap = false });
        var device = await CreateAsync(world, "device", "web", change: spec => spec with { Passthrough = true });

        Assert.That((await ShareAsync(world, flat, 800)).Reason, Does.Contain("hardware-assisted paging (ENODEV)"));
        Assert.That((await ShareAsync(world, device, 800)).Reason, Does.Contain("a device is passed through to the domain (EXDEV)"));
    });

    private static ConstantShape Constant(long mebibytes) => new(Kib.FromMiB(mebibytes));

    private static async Task<int> CreateAsync(
        TestWorld world, string name, string? group, WorkloadSpec? workload = null, Func<DomainSpec, DomainSpec>? change = null)
    {
        var spec = new DomainSpec
        {
            Name = name,
            Memory = Kib.FromGiB(1),
            SharingGroup = group,
            Guest = new GuestSpec
            {
                Contents = Image,
                Workload = workload ?? new WorkloadSpec { Phases = [new() { FileCache = Constant(250), WorkingSet = Constant(100) }] },
            },
        };
        var domain = await world.Toolstack.CreateAsync(change?.Invoke(spec) ?? spec);
        await world.AfterAsync(3);
        return domain.Domid;
    }

    private static async Task<StateKey> ShareAsync(TestWorld world, int domid, long mebibytes)
    {
        await world.SetAsync(domid, "actor", "sharing");
        return await world.ReachAsync(domid, Kib.FromMiB(mebibytes));
    }
}
