using Actors.Sdk;

namespace Actors.Sim.Tests;

internal sealed class DomainSetTests
{
    [Test]
    public void A_name_means_the_newest_domain_that_has_it() => World.Run(async world =>
    {
        var first = await world.BootAsync(Specs.Domain("web", DomainKind.Pvh, 128));
        var second = await world.BootAsync(Specs.Domain("web", DomainKind.Pvh, 128));
        Assert.That(world.Host.Find("web"), Is.SameAs(second));
        await world.Toolstack.DestroyAsync(second.Domid);
        Assert.That(world.Host.Find("web"), Is.SameAs(first), "the other one is still there");
        await world.Toolstack.DestroyAsync(first.Domid);
        Assert.That(world.Host.Find("web"), Is.Null);
    });

    [Test]
    public void The_older_of_two_domains_with_a_name_can_go_first() => World.Run(async world =>
    {
        var first = await world.BootAsync(Specs.Domain("web", DomainKind.Pvh, 128));
        var second = await world.BootAsync(Specs.Domain("web", DomainKind.Pvh, 128));
        await world.Toolstack.DestroyAsync(first.Domid);
        Assert.That(world.Host.Find("web"), Is.SameAs(second));
        Assert.That(world.Host.Domains.Select(domain => domain.Domid), Is.EqualTo(new[] { 0, second.Domid }));
    });
}
