using Actors.Sdk;
using Actors.XenStore;
using static Actors.Sim.Tests.Specs;

namespace Actors.Sim.Tests;

internal sealed class LifeCycleTests
{
    [Test]
    public void A_new_domain_has_the_keys_that_xl_writes() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain("web-1", DomainKind.Hvm));
        var home = $"/local/domain/{domain.Domid}";
        async Task<string> Read(string path) => await world.Dom0.ReadTextAsync(path);
        Assert.Multiple(async () =>
        {
            Assert.That(await Read($"{home}/name"), Is.EqualTo("web-1"));
            Assert.That(await Read($"{home}/vm"), Is.EqualTo($"/vm/{domain.Uuid}"));
            Assert.That(await Read($"{home}/domid"), Is.EqualTo("1"));
            Assert.That(await Read($"/vm/{domain.Uuid}/name"), Is.EqualTo("web-1"));
            Assert.That(await Read($"{home}/memory/static-max"), Is.EqualTo("1048576"));
            Assert.That(await Read($"{home}/memory/videoram"), Is.EqualTo("8192"));
            Assert.That(await Read($"{home}/memory/target"), Is.EqualTo($"{1048576 - 8192 - 1024}"));
        });
    });

    [Test]
    public void A_guest_can_read_its_memory_keys_but_not_write_them() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain());
        var guest = world.Store.Connect(domain.Domid);
        Assert.That(await guest.TryReadTextAsync("memory/target"), Is.Not.Null);
        await Assert.ThatAsync(async () => await guest.WriteTextAsync("memory/target", "1"),
            Throws.InstanceOf<XenStoreException>().With.Property("Error").EqualTo(XenStoreError.AccessDenied));
        await guest.WriteTextAsync("data/report", "mine");
    });

    [Test]
    public void Domain_0_and_the_others_are_listed_by_domid() => World.Run(async world =>
    {
        await world.BootAsync(Domain("a"));
        await world.BootAsync(Domain("b", DomainKind.Pv, 512));
        var domains = await world.Host.ListDomainsAsync();
        Assert.That(domains.Select(domain => domain.Domid), Is.EqualTo(new[] { 0, 1, 2 }));
        Assert.That(domains[2], Has.Property("Kind").EqualTo(DomainKind.Pv).And.Property("Footprint").EqualTo(MiB(512)));
        Assert.That(domains[2].MaxMem, Is.EqualTo(MiB(513)));
    });

    [Test]
    public void A_domain_boots_before_it_runs() => World.Run(async world =>
    {
        var domain = await world.Toolstack.CreateAsync(Domain() with { BootTime = TimeSpan.FromSeconds(10) });
        await world.Clock.After(9);
        Assert.That(domain.State, Is.EqualTo(DomainState.Booting));
        await world.Clock.After(1);
        Assert.That(domain.State, Is.EqualTo(DomainState.Running));
    });

    [Test]
    public void The_store_announces_domains_that_are_created_and_destroyed() => World.Run(async world =>
    {
        await using var watches = world.Dom0.OpenWatchQueue();
        await watches.AddAsync("@introduceDomain", "in");
        await watches.AddAsync("@releaseDomain", "out");
        await watches.NextAsync();
        await watches.NextAsync();
        var domain = await world.BootAsync(Domain());
        Assert.That((await watches.NextAsync()).Path, Is.EqualTo("@introduceDomain"));
        await world.Toolstack.DestroyAsync(domain.Domid);
        Assert.That((await watches.NextAsync()).Path, Is.EqualTo("@releaseDomain"));
    });

    [Test]
    public void A_crash_is_announced_to_the_store_and_the_domain_stays() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain());
        await using var watches = world.Dom0.OpenWatchQueue();
        await watches.AddAsync("@releaseDomain", "out");
        await watches.NextAsync();
        await world.Toolstack.CrashAsync(domain.Domid);
        await watches.NextAsync();
        Assert.That((await world.Host.GetDomainAsync(domain.Domid))!.State, Is.EqualTo(DomainState.Crashed));
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(1024)));
    });

    [Test]
    public void A_destroyed_domain_leaves_nothing_behind() => World.Run(async world =>
    {
        var before = await world.Host.GetHostMemoryAsync();
        var domain = await world.BootAsync(Domain());
        await world.PagingOf(domain).StartAsync();
        Assert.That((await world.Host.GetHostMemoryAsync()).Free, Is.EqualTo(before.Free - MiB(1024)));
        await world.Toolstack.DestroyAsync(domain.Domid);
        Assert.That(await world.Host.GetHostMemoryAsync(), Is.EqualTo(before));
        Assert.That(await world.Host.GetDomainAsync(domain.Domid), Is.Null);
        Assert.That(world.Host.GetMechanism<IMaxMem>(domain.Domid).WhyNot, Is.EqualTo("domain 1 does not exist (any more)"));
        Assert.That(await world.Dom0.TryReadAsync("/local/domain/1"), Is.Null);
        Assert.That(await world.Dom0.TryReadAsync($"/vm/{domain.Uuid}"), Is.Null);
    });

    [Test]
    public void A_mechanism_of_a_destroyed_domain_reports_that_the_domain_is_gone() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain());
        var maxMem = world.Host.GetMechanism<IMaxMem>(domain.Domid).Mechanism!;
        var paging = world.PagingOf(domain);
        await world.Toolstack.DestroyAsync(domain.Domid);
        await Assert.ThatAsync(async () => await maxMem.SetMaxMemAsync(MiB(1)), Throws.InstanceOf<DomainGoneException>());
        await Assert.ThatAsync(async () => await paging.StartAsync(), Throws.InstanceOf<DomainGoneException>());
        await paging.StopAsync();
    });

    [Test]
    public void A_reboot_changes_the_domid_and_keeps_the_UUID() => World.Run(async world =>
    {
        var first = await world.BootAsync(Domain());
        var second = await world.Toolstack.RebootAsync(first.Domid);
        Assert.That(second.Domid, Is.EqualTo(2));
        Assert.That(second.Uuid, Is.EqualTo(first.Uuid));
        Assert.That((await world.Host.ListDomainsAsync()).Select(domain => domain.Domid), Is.EqualTo(new[] { 0, 2 }));
    });

    [Test]
    public void A_domain_that_does_not_fit_is_rejected_with_the_amounts() => World.Run(async world =>
        await Assert.ThatAsync(() => world.Toolstack.CreateAsync(Domain("huge", mebibytes: 7681)),
            Throws.InstanceOf<HypervisorException>().With.Message.Contains("huge needs 7.5 GiB, and the host has 7.5 GiB free")));

    [Test]
    public void A_paused_guest_does_not_move_and_continues_when_it_is_resumed() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain());
        await world.BalloonAsync(domain, MiB(512));
        await world.Clock.After(1);
        await world.Toolstack.PauseAsync(domain.Domid);
        var paused = domain.TotPages;
        await world.Clock.After(60);
        Assert.That(domain.TotPages, Is.EqualTo(paused));
        await world.Toolstack.UnpauseAsync(domain.Domid);
        await world.Clock.After(10);
        Assert.That(domain.Info.Footprint, Is.EqualTo(MiB(512)));
    });
}
