using Actors.Sdk;
using Actors.Sim.Memory;
using Actors.XenStore;
using static Actors.Sim.Tests.Specs;

namespace Actors.Sim.Tests;

internal sealed class SaveAndRestoreTests
{
    [Test]
    public void A_restored_domain_has_a_new_domid_the_same_UUID_and_its_size_and_does_not_boot_again() => World.Run(async world =>
    {
        var saved = await world.BootAsync(Domain(workingSet: 200));
        await world.BalloonAsync(saved, MiB(600));
        await world.Clock.After(10);

        var restored = await world.Toolstack.SaveAndRestoreAsync(saved.Domid);

        Assert.Multiple(() =>
        {
            Assert.That(restored.Domid, Is.EqualTo(saved.Domid + 1));
            Assert.That(restored.Uuid, Is.EqualTo(saved.Uuid));
            Assert.That(restored.State, Is.EqualTo(DomainState.Running));
            Assert.That((restored.Info.Footprint, restored.Info.MaxMem), Is.EqualTo((MiB(600), MiB(601))));
            Assert.That(world.Host.Find(saved.Domid), Is.Null);
        });
        Assert.That(await world.Dom0.ReadTextAsync($"{restored.Home}/{DomainKeys.BalloonTarget}"), Is.EqualTo($"{MiB(599).Value}"));
        await world.Clock.After(1);
        Assert.That(restored.Memory.Of(PageClass.Hot).ToKib(), Is.EqualTo(MiB(200)), "its workload continues");
        await world.BalloonAsync(restored, MiB(800));
        await world.Clock.After(10);
        Assert.That(restored.Info.Footprint, Is.EqualTo(MiB(800)));
    });

    [Test]
    public void A_domain_that_no_longer_fits_is_lost() => World.Run(async world =>
    {
        var saved = await world.BootAsync(Domain());
        var restoration = world.Toolstack.SaveAndRestoreAsync(saved.Domid);
        await world.Clock.After(1);
        await world.Toolstack.CreateAsync(Domain("greedy", mebibytes: 1400));
        await Assert.ThatAsync(() => restoration, Throws.InstanceOf<HypervisorException>());
        Assert.That(world.Host.Find(saved.Spec.Name), Is.Null);
    }, new Sim.Specs.HostSpec { Memory = MiB(2048) });

    [Test]
    public void A_paused_domain_cannot_be_saved() => World.Run(async world =>
    {
        var domain = await world.BootAsync(Domain());
        await world.Toolstack.PauseAsync(domain.Domid);
        await Assert.ThatAsync(() => world.Toolstack.SaveAndRestoreAsync(domain.Domid), Throws.InvalidOperationException);
    });
}
