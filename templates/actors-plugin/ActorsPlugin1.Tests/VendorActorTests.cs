using Actors.Sdk;
using Actors.Sdk.Testing;
using NUnit.Framework;

namespace VendorNamespace.Tests;

public sealed class VendorActorTests
{
    private readonly TargetRequest _half = new() { Target = Kib.FromMiB(512) };
    private FakeClock _clock = null!;
    private FakePluginContext _plugin = null!;
    private FakeDomain _domain = null!;
    private VendorActor _actor = null!;

    [SetUp]
    public void Attach()
    {
        (_clock, _plugin, _actor) = (new FakeClock(), new FakePluginContext(), new VendorActor());
        _domain = new FakeDomain(_clock, Kib.FromGiB(1)) { Plugin = _plugin };
        _actor.Attach(_plugin);
    }

    [Test]
    public void A_domain_is_reduced_to_half_of_its_memory_and_gets_it_back_on_release() => _clock.Run(async () =>
    {
        var outcome = await _actor.ReachAsync(_domain, _half, default);

        Assert.That(outcome.Kind, Is.EqualTo(OutcomeKind.Reached), outcome.Reason);
        Assert.That(_domain.Info.Footprint, Is.EqualTo(Kib.FromMiB(512)));
        Assert.That(_clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)));
        Assert.That(_plugin.Metrics["vendor_actor.reached"], Is.EqualTo(1));

        await _actor.ReleaseAsync(_domain, default);

        Assert.That(_domain.Info.Footprint, Is.EqualTo(Kib.FromGiB(1)));
    });

    [Test]
    public void Without_a_pager_it_is_unable_and_says_why() => _clock.Run(async () =>
    {
        var outcome = await _actor.ReachAsync(new FakeDomain(_clock, kind: DomainKind.Pv) { Plugin = _plugin }, _half, default);

        Assert.That(outcome.Kind, Is.EqualTo(OutcomeKind.Unable));
        Assert.That(outcome.Reason, Does.Contain("is PV"));
    });

    [Test]
    public void New_settings_hold_from_the_next_run_on() => _clock.Run(async () =>
    {
        _domain.Pager.Rate = Kib.Zero;
        _plugin.Settings = new Settings { StuckAfter = TimeSpan.FromSeconds(2) };

        var outcome = await _actor.ReachAsync(_domain, _half, default);

        Assert.That(outcome.Reason, Does.StartWith("no progress for 2 s"));
    });

    [Test]
    public void An_interval_of_nothing_is_rejected() =>
        Assert.That(() => new Settings { CheckInterval = TimeSpan.Zero }, Throws.ArgumentException.With.Message.EqualTo("must be longer than 0"));

    [Test]
    public void A_busy_guest_is_paged_once_it_is_idle() => _clock.Run(async () =>
    {
        _domain.Store.Put(VendorActor.BusyKey, "1");
        var run = _actor.ReachAsync(_domain, _half, default);
        await Task.Delay(TimeSpan.FromSeconds(5), _clock);
        Assert.That(_domain.Info.Footprint, Is.EqualTo(Kib.FromGiB(1)));

        _domain.Store.Put(VendorActor.BusyKey, "0");

        Assert.That((await run).Kind, Is.EqualTo(OutcomeKind.Reached));
    });

    [Test]
    public void The_budget_of_a_domain_that_is_gone_is_free_for_another() => _clock.Run(async () =>
    {
        _plugin.Settings = new Settings { Budget = Kib.FromMiB(700) };
        var other = new FakeDomain(_clock, Kib.FromGiB(1), domid: 2) { Plugin = _plugin };
        await _actor.ReachAsync(other, _half, default);

        var outcome = await _actor.ReachAsync(_domain, _half, default);
        Assert.That(outcome.Reason, Does.StartWith("the plugin's budget of 700 MiB is used up"));

        other.Destroy();
        Assert.That((await _actor.ReachAsync(_domain, _half, default)).Kind, Is.EqualTo(OutcomeKind.Reached));
    });

    [Test]
    public async Task The_domains_of_the_host_are_counted()
    {
        await _actor.DomainAppearedAsync(_domain.Identity, default);
        Assert.That(_plugin.Metrics["vendor_actor.domains"], Is.EqualTo(1));

        await _actor.DomainDisappearedAsync(_domain.Identity, default);
        Assert.That(_plugin.Metrics["vendor_actor.domains"], Is.EqualTo(0));
    }
}
