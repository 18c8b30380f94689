namespace Actors.Sdk.Testing.Tests;

/// <summary>What the kit offers to a plugin behaves as on a host.</summary>
internal sealed class FakePluginTests
{
    private readonly FakeClock _clock = new();

    [Test]
    public void A_mechanism_of_the_plugin_is_created_once_for_a_domain_and_disposed_of_with_it()
    {
        var plugin = new FakePluginContext();
        plugin.OfferMechanism<ITier>(domain => Offer.Of<ITier>(new Tier(domain)));
        var (first, second) = (new FakeDomain(_clock) { Plugin = plugin }, new FakeDomain(_clock, domid: 2) { Plugin = plugin });

        var tier = (Tier)first.GetMechanism<ITier>().Mechanism!;
        Assert.That(first.GetMechanism<ITier>().Mechanism, Is.SameAs(tier));
        Assert.That(second.GetMechanism<ITier>().Mechanism, Is.Not.SameAs(tier));
        Assert.That(tier.Domain, Is.EqualTo(first.Identity));

        first.Destroy();
        Assert.That((tier.Disposed, ((Tier)second.GetMechanism<ITier>().Mechanism!).Disposed), Is.EqualTo((true, false)));
        Assert.That(first.GetMechanism<ITier>().Available, Is.False);
    }

    [Test]
    public void A_test_can_replace_and_withhold_it()
    {
        var plugin = new FakePluginContext();
        plugin.OfferMechanism<ITier>(domain => Offer.Of<ITier>(new Tier(domain)));
        var domain = new FakeDomain(_clock) { Plugin = plugin };
        var fake = new Tier(domain.Identity);

        domain.Offer<ITier>(fake);
        Assert.That(domain.GetMechanism<ITier>().Mechanism, Is.SameAs(fake));
        domain.Withhold<ITier>("no tier here");
        Assert.That(domain.GetMechanism<ITier>().WhyNot, Is.EqualTo("no tier here"));
    }

    [Test]
    public void Without_the_plugin_the_reason_says_how_to_get_it() =>
        Assert.That(new FakeDomain(_clock).GetMechanism<ITier>().WhyNot, Is.EqualTo("the fake domain does not know ITier; give it one with Offer, or set Plugin"));

    [Test]
    public void Only_an_interface_of_the_plugin_can_be_offered_and_only_once()
    {
        var plugin = new FakePluginContext();
        Assert.That(() => plugin.OfferMechanism(_ => Offer.None<Tier>("")), Throws.ArgumentException);
        Assert.That(() => plugin.OfferMechanism(_ => Offer.None<IPaging>("")), Throws.ArgumentException);
        plugin.OfferMechanism(_ => Offer.None<ITier>("full"));
        Assert.That(() => plugin.OfferMechanism(_ => Offer.None<ITier>("")), Throws.ArgumentException);
        Assert.That(new FakeDomain(_clock) { Plugin = plugin }.GetMechanism<ITier>().WhyNot, Is.EqualTo("full"));
    }

    [TestCase("Acme.pages")]
    [TestCase("acme-pages")]
    [TestCase("9lives")]
    [TestCase("")]
    public void A_metric_that_a_host_rejects_is_rejected(string name) => Assert.That(() => new FakePluginMetrics().CreateGauge(name), Throws.ArgumentException);

    [Test]
    public void A_metric_is_of_one_kind()
    {
        var metrics = new FakePluginMetrics();
        metrics.CreateCounter("acme.pages").Add(2);
        metrics.CreateCounter("acme.pages").Add();
        metrics.CreateGauge("acme.pool").Set(0.5);

        Assert.That((metrics["acme.pages"], metrics["acme.pool"], metrics["acme.other"]), Is.EqualTo(((double?)3, (double?)0.5, (double?)null)));
        Assert.That(() => metrics.CreateGauge("acme.pages"), Throws.ArgumentException);
    }

    [Test]
    public void New_settings_reach_the_plugin()
    {
        var (plugin, seen) = (new FakePluginContext { Settings = "first" }, new List<string>());
        plugin.Configure<string>(seen.Add);

        plugin.Settings = "second";

        Assert.That(seen, Is.EqualTo(new[] { "first", "second" }));
    }

    private interface ITier;

    private sealed class Tier(DomainIdentity domain) : ITier, IDisposable
    {
        public DomainIdentity Domain => domain;

        public bool Disposed { get; private set; }

        public void Dispose() => Disposed = true;
    }
}
