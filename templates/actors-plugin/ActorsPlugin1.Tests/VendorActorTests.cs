using Actors.Sdk;
using Actors.Sdk.Testing;
using NUnit.Framework;

namespace VendorNamespace.Tests;

public sealed class VendorActorTests
{
    [Test]
    public void A_domain_is_reduced_to_half_of_its_memory_and_gets_it_back_on_release()
    {
        var clock = new FakeClock();
        var domain = new FakeDomain(clock, Kib.FromGiB(1));
        var actor = new VendorActor();
        clock.Run(async () =>
        {
            var outcome = await actor.ReachAsync(domain, new TargetRequest { Target = Kib.FromMiB(512) }, default);

            Assert.That(outcome.Kind, Is.EqualTo(OutcomeKind.Reached), outcome.Reason);
            Assert.That(domain.Info.Footprint, Is.EqualTo(Kib.FromMiB(512)));
            Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)));

            await actor.ReleaseAsync(domain, default);

            Assert.That(domain.Info.Footprint, Is.EqualTo(Kib.FromGiB(1)));
        });
    }

    [Test]
    public void Without_a_pager_it_is_unable_and_says_why()
    {
        var clock = new FakeClock();
        var domain = new FakeDomain(clock, kind: DomainKind.Pv);
        clock.Run(async () =>
        {
            var outcome = await new VendorActor().ReachAsync(domain, new TargetRequest { Target = Kib.FromMiB(512) }, default);

            Assert.That(outcome.Kind, Is.EqualTo(OutcomeKind.Unable));
            Assert.That(outcome.Reason, Does.Contain("is PV"));
        });
    }
}
