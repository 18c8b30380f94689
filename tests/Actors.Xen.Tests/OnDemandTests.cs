using Actors.Sdk;
using Actors.Xen.Calls;
using Actors.Xen.Hypercalls;
using Actors.Xen.Paging;
using Actors.XenStore;
using NSubstitute;

namespace Actors.Xen.Tests;

/// <summary>The pages that are still populated on demand, in a list of all domains.</summary>
internal sealed class OnDemandTests
{
    private const ulong GetPodTarget = 17;

    private int _calls;

    [Test]
    public async Task A_list_costs_no_hypercall_for_a_domain_that_has_everything()
    {
        var (fake, xen) = Make(onDemand: 0);

        Assert.That((await xen.ListDomainsAsync()).Single().PopulateOnDemandPages, Is.EqualTo(Pages.Zero));
        await xen.ListDomainsAsync();
        await xen.ListDomainsAsync();

        Assert.That(_calls, Is.EqualTo(1));
        fake.Domains[0] = fake.Domains[0] with { Handle = Guid.NewGuid() };
        await xen.ListDomainsAsync();
        Assert.That(_calls, Is.EqualTo(2), "a domid that is used again is another domain");
    }

    [Test]
    public async Task A_domain_that_is_still_being_populated_is_asked_again()
    {
        var (fake, xen) = Make(onDemand: 100);
        await xen.ListDomainsAsync();
        fake.OnDemand = 40;

        Assert.That((await xen.ListDomainsAsync()).Single().PopulateOnDemandPages, Is.EqualTo(new Pages(40)));
    }

    [Test]
    public async Task A_domain_that_has_not_run_yet_is_asked_again()
    {
        var (fake, xen) = Make(onDemand: 0);
        fake.Domains[0] = fake.Domains[0] with { CpuTime = 0 };
        await xen.ListDomainsAsync();
        fake.OnDemand = 40;

        Assert.That((await xen.ListDomainsAsync()).Single().PopulateOnDemandPages, Is.EqualTo(new Pages(40)));
    }

    private (FakeXen Fake, XenHypervisor Xen) Make(long onDemand)
    {
        _calls = 0;
        var fake = new FakeXen
        {
            OnDemand = onDemand,
            Fault = (call, command) =>
            {
                _calls += call == Hypercall.MemoryOp && command == GetPodTarget ? 1 : 0;
                return 0;
            },
        };
        fake.Domains.Add(new DomainRecord(3, DomainRecord.HvmGuest | DomainRecord.Hap, 1, 1, 0, 0, 0, 1_000_000_000, Guid.NewGuid(), 0));
        return (fake, new XenHypervisor(fake, Substitute.For<IXenStore>(), new XenPagingProgram(), "/nowhere", TimeProvider.System));
    }
}
