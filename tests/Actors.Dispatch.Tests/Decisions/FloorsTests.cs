using Actors.Dispatch.Decisions;
using Actors.Dispatch.Registry;
using Actors.Sdk;
using NSubstitute;

namespace Actors.Dispatch.Tests.Decisions;

internal sealed class FloorsTests
{
    private static readonly ActorEntry Actor = new PluginEntry("balloon", Substitute.For<IActor>());
    private static readonly PolicyEntry Policy = new("careful", Substitute.For<IPolicy>());

    [TestCase(0, 8)]
    [TestCase(1, 8)]
    [TestCase(124, 70)]
    [TestCase(125, 71)]
    [TestCase(256, 104)]
    [TestCase(499, 164)]
    [TestCase(500, 166)]
    [TestCase(1024, 232)]
    [TestCase(1999, 353)]
    [TestCase(2000, 358)]
    [TestCase(65536, 2344)]
    public void The_default_grows_with_the_size_of_the_guest(int staticMax, int floor) =>
        Assert.That(Floors.Default(Kib.FromMiB(staticMax)), Is.EqualTo(Kib.FromMiB(floor)));

    [TestCase(512, 256)]
    [TestCase(1024, 512)]
    [TestCase(4096, 512)]
    [TestCase(16384, 808)]
    public void Dom0_keeps_enough_for_the_services_of_the_whole_host(int staticMax, int floor) =>
        Assert.That(Floors.Default(Kib.FromMiB(staticMax), domid: 0), Is.EqualTo(Kib.FromMiB(floor)));

    [Test]
    public void A_part_of_a_MiB_does_not_count() =>
        Assert.That(Floors.Default(Kib.FromMiB(125) - new Kib(1)), Is.EqualTo(Kib.FromMiB(70)));

    [Test]
    public void The_key_of_the_domain_comes_first_then_the_policy_then_the_default()
    {
        var staticMax = Kib.FromMiB(1024);
        var careful = Policy with { Floor = Kib.FromMiB(600) };
        Assert.Multiple(() =>
        {
            Assert.That(Floors.For(new Floor(new Kib(4), "memory-policy/floor"), careful, staticMax, 1), Is.EqualTo(new Floor(new Kib(4), "memory-policy/floor")));
            Assert.That(Floors.For(null, careful, staticMax, 1), Is.EqualTo(new Floor(Kib.FromMiB(600), "policy 'careful'")));
            Assert.That(Floors.For(null, Policy, staticMax, 1), Is.EqualTo(new Floor(Kib.FromMiB(232), "default for a static-max of 1 GiB")));
            Assert.That(Floors.For(null, Actor, staticMax, 1), Is.EqualTo(Floors.For(null, Policy, staticMax, 1)));
            Assert.That(Floors.For(new Floor(new Kib(4), "memory-policy/floor"), careful, staticMax, 0), Is.EqualTo(new Floor(new Kib(4), "memory-policy/floor")));
            Assert.That(Floors.For(null, careful, staticMax, 0).Amount, Is.EqualTo(Kib.FromMiB(600)));
            Assert.That(Floors.For(null, careful with { Floor = Kib.FromMiB(64) }, staticMax, 0), Is.EqualTo(new Floor(Kib.FromMiB(512), "default for a dom0 of 1 GiB")));
        });
    }

    [Test]
    public void A_floor_names_its_amount_and_its_source() =>
        Assert.That(new Floor(Kib.FromMiB(600), "policy 'careful'").ToString(), Is.EqualTo("600 MiB (policy 'careful')"));
}
