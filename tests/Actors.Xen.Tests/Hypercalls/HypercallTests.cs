using Actors.Sdk;
using Actors.Xen.Calls;
using Actors.Xen.Hypercalls;
using FsCheck;
using FsCheck.Fluent;

namespace Actors.Xen.Tests.Hypercalls;

internal sealed class HypercallTests
{
    [TestCase(0x12u, 0x13u)]
    [TestCase(0x13u, 0x13u)]
    [TestCase(0x14u, 0x14u)]
    [TestCase(0x15u, 0x15u)]
    [TestCase(0x17u, 0x16u)]
    [TestCase(0x18u, 0x16u)]
    public void Every_version_from_4_14_on_is_found_and_its_domains_are_read_whole(uint domctl, uint sysctl)
    {
        using var xen = new FakeXen { DomctlVersion = domctl, SysctlVersion = sysctl, Machine = new(9, 1000, 400, 3, 20) };
        xen.Domains.AddRange([Record(0), Record(7), Record(8)]);

        var versions = InterfaceVersions.Probe(xen, "4.x");
        var listed = new Sysctl(xen, versions).ListDomains();
        var asked = new Domctl(xen, versions.Domctl).Ask(7);

        Assert.Multiple(() =>
        {
            Assert.That(versions, Is.EqualTo(new InterfaceVersions(domctl, sysctl)));
            Assert.That(listed, Is.EqualTo(xen.Domains));
            Assert.That(asked, Is.EqualTo(xen.Domains[1]));
            Assert.That(new Sysctl(xen, versions).AskMachine(), Is.EqualTo(xen.Machine));
            Assert.That(xen.BuffersInUse, Is.Zero);
        });
    }

    [Test]
    public void A_hypervisor_that_speaks_another_version_is_refused_by_name()
    {
        using var xen = new FakeXen { DomctlVersion = 0x99 };

        Assert.That(() => InterfaceVersions.Probe(xen, "9.9"), Throws.TypeOf<HypervisorException>()
            .With.Message.Contains("(Xen 9.9) speaks none of the interface versions 0x12 to 0x18 (Xen 4.14 to 4.21); a newer 'actors' is needed"));
    }

    [Test]
    public void A_domain_that_may_not_ask_is_told_that_it_is_no_dom0()
    {
        using var xen = new FakeXen { Fault = (call, _) => call == Hypercall.Domctl ? Errno.NotPermitted : 0 };

        Assert.That(() => InterfaceVersions.Probe(xen, "4.17"), Throws.TypeOf<HypervisorException>().With.Message.Contains("this is no dom0"));
    }

    [Test]
    public void The_ring_of_a_pager_is_taken_away_from_its_domain_alone_and_who_has_none_is_left_in_peace()
    {
        using var xen = new FakeXen { Rings = { 7, 8 } };
        xen.Domains.AddRange([Record(0), Record(7), Record(8)]);
        var domctl = new Domctl(xen, 0x15);

        domctl.DetachPager(7);
        domctl.DetachPager(0);
        domctl.DetachPager(99);

        Assert.That(xen.Rings, Is.EqualTo(new[] { 8 }));
    }

    [Test]
    public void A_domain_that_is_not_there_is_no_other_domain()
    {
        using var xen = new FakeXen();
        xen.Domains.AddRange([Record(0), Record(9)]);

        Assert.That(new Domctl(xen, 0x15).Ask(5), Is.Null);
    }

    [Test]
    public void More_domains_than_fit_into_one_answer_are_all_listed()
    {
        using var xen = new FakeXen();
        xen.Domains.AddRange(Enumerable.Range(0, 600).Select(index => Record(index * 3)));

        Assert.That(new Sysctl(xen, new InterfaceVersions(0x15, 0x15)).ListDomains().Select(record => record.Domid),
            Is.EqualTo(xen.Domains.Select(record => record.Domid)));
    }

    [Test]
    public void A_list_that_fails_half_way_is_an_error_and_leaks_nothing()
    {
        using var xen = new FakeXen();
        xen.Domains.AddRange(Enumerable.Range(0, 300).Select(Record));
        var calls = 0;
        xen.Fault = (call, command) => call == Hypercall.Sysctl && command == 6 && ++calls == 2 ? Errno.OutOfMemory : 0;

        Assert.Multiple(() =>
        {
            Assert.That(() => new Sysctl(xen, new InterfaceVersions(0x15, 0x15)).ListDomains(),
                Throws.TypeOf<HypervisorException>().With.Property("Call").EqualTo("XEN_SYSCTL_getdomaininfolist").And.Property("Errno").EqualTo(12));
            Assert.That(xen.BuffersInUse, Is.Zero);
        });
    }

    [Test]
    public void Max_mem_is_set_in_kib_and_a_domain_that_is_gone_is_told_from_an_error()
    {
        using var xen = new FakeXen();
        xen.Domains.Add(Record(4));
        var domctl = new Domctl(xen, 0x15);

        Assert.Multiple(() =>
        {
            Assert.That(domctl.TrySetMaxMem(4, 525312), Is.True);
            Assert.That(xen.MaxMem, Is.EqualTo(new Dictionary<int, long> { [4] = 525312 }));
            Assert.That(domctl.TrySetMaxMem(5, 1024), Is.False);
        });
    }

    [Test]
    public void Claims_and_reservations_need_no_version()
    {
        using var xen = new FakeXen { DomctlVersion = 0x99 };
        xen.Domains.Add(Record(4) with { TotPages = 100, MaxPages = 200 });
        var memory = new MemoryOps(xen);

        Assert.Multiple(() =>
        {
            Assert.That((memory.CurrentPages(4), memory.MaximumPages(4)), Is.EqualTo((100L, 200L)));
            Assert.That(memory.CurrentPages(5), Is.EqualTo(-Errno.NoSuchDomain));
            Assert.That((memory.Claim(4, 150), memory.Claim(4, 201)), Is.EqualTo((0L, -(long)Errno.Invalid)));
            Assert.That(memory.SharingFreedPages(), Is.EqualTo(-Errno.NotImplemented));
        });
    }

    [TestCase(true, false)]
    [TestCase(false, true)]
    public void What_a_hypervisor_is_built_with_is_known_without_touching_a_domain(bool paging, bool sharing)
    {
        using var xen = new FakeXen { BuiltWithPaging = paging, BuiltWithSharing = sharing };
        xen.Domains.Add(Record(0));

        var features = XenFeatures.Ask(xen);

        Assert.Multiple(() =>
        {
            Assert.That((features.Paging, features.Sharing, features.Claims), Is.EqualTo((paging, sharing, true)));
            Assert.That(xen.BuffersInUse, Is.Zero);
        });
    }

    [Test]
    public void Any_record_is_read_as_it_was_written() => Prop.ForAll(Records.ToArbitrary(), record =>
    {
        using var xen = new FakeXen();
        xen.Domains.Add(record);
        return new Domctl(xen, 0x15).Ask(record.Domid) == record;
    }).QuickCheckThrowOnFailure();

    [Test]
    public void The_hypervisor_tells_its_own_version() => Assert.That(XenVersion.Ask(new FakeXen()), Is.EqualTo("4.17.5"));

    private static readonly Gen<DomainRecord> Records =
        from domid in Gen.Choose(0, 0x7ff0)
        from flags in Gen.Choose(0, int.MaxValue)
        from pages in Gen.Choose(0, int.MaxValue).Select(value => (long)value * 7).ListOf(5)
        from handle in ArbMap.Default.GeneratorFor<Guid>()
        from emulation in Gen.Choose(0, 0x7ff)
        select new DomainRecord(domid, (uint)flags, pages[0], pages[1], pages[2], pages[3], pages[4], (ulong)pages[0], handle, (uint)emulation);

    private static DomainRecord Record(int domid) => new(
        domid, DomainRecord.HvmGuest | DomainRecord.Hap, 1000 + domid, 2000 + domid, 3, 4, 5, 6_000_000_000, new Guid(domid, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10), 1);
}
