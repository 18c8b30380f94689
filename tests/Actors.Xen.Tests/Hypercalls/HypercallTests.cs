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
    public void Every_version_since_4_14_is_detected_and_its_domains_are_read_completely(uint domctl, uint sysctl)
    {
        using var xen = new FakeXen { DomctlVersion = domctl, SysctlVersion = sysctl, Machine = new(9, 1000, 400, 3, 20) };
        xen.Domains.AddRange([Record(0), Record(7), Record(8)]);

        var versions = InterfaceVersions.Probe(xen, "4.x");
        var listed = new Sysctl(xen, versions).ListDomains();
        var single = new Domctl(xen, versions.Domctl).GetDomain(7);

        Assert.Multiple(() =>
        {
            Assert.That(versions, Is.EqualTo(new InterfaceVersions(domctl, sysctl)));
            Assert.That(listed, Is.EqualTo(xen.Domains));
            Assert.That(single, Is.EqualTo(xen.Domains[1]));
            Assert.That(new Sysctl(xen, versions).ReadPhysicalInfo(), Is.EqualTo(xen.Machine));
            Assert.That(xen.BuffersInUse, Is.Zero);
        });
    }

    [Test]
    public void A_hypervisor_with_an_unsupported_version_is_rejected_with_its_version()
    {
        using var xen = new FakeXen { DomctlVersion = 0x99 };

        Assert.That(() => InterfaceVersions.Probe(xen, "9.9"), Throws.TypeOf<HypervisorException>()
            .With.Message.Contains("(Xen 9.9) supports none of the interface versions 0x12 to 0x18 (Xen 4.14 to 4.21); install a newer version of Actors"));
    }

    [Test]
    public void A_domain_without_permission_gets_the_message_that_it_is_not_dom0()
    {
        using var xen = new FakeXen { Fault = (call, _) => call == Hypercall.Domctl ? Errno.NotPermitted : 0 };

        Assert.That(() => InterfaceVersions.Probe(xen, "4.17"), Throws.TypeOf<HypervisorException>().With.Message.Contains("this is not dom0"));
    }

    [Test]
    public void Only_the_ring_of_the_given_domain_is_removed_and_a_domain_without_one_is_no_error()
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
    public void The_next_domain_is_not_returned_for_a_domid_that_does_not_exist()
    {
        using var xen = new FakeXen();
        xen.Domains.AddRange([Record(0), Record(9)]);

        Assert.That(new Domctl(xen, 0x15).GetDomain(5), Is.Null);
    }

    [Test]
    public void All_domains_are_listed_even_if_one_batch_cannot_hold_them()
    {
        using var xen = new FakeXen();
        xen.Domains.AddRange(Enumerable.Range(0, 600).Select(index => Record(index * 3)));

        Assert.That(new Sysctl(xen, new InterfaceVersions(0x15, 0x15)).ListDomains().Select(record => record.Domid),
            Is.EqualTo(xen.Domains.Select(record => record.Domid)));
    }

    [Test]
    public void A_list_that_fails_halfway_is_an_error_and_leaks_no_buffer()
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
    public void Max_mem_is_set_in_KiB_and_a_missing_domain_is_not_an_error()
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
    public void The_features_of_a_hypervisor_are_detected_without_changing_a_domain(bool paging, bool sharing)
    {
        using var xen = new FakeXen { BuiltWithPaging = paging, BuiltWithSharing = sharing };
        xen.Domains.Add(Record(0));

        var features = XenFeatures.Read(xen);

        Assert.Multiple(() =>
        {
            Assert.That((features.Paging, features.Sharing, features.Claims), Is.EqualTo((paging, sharing, true)));
            Assert.That(xen.BuffersInUse, Is.Zero);
        });
    }

    [Test]
    public void Any_written_record_reads_back_unchanged() => Prop.ForAll(Records.ToArbitrary(), record =>
    {
        using var xen = new FakeXen();
        xen.Domains.Add(record);
        return new Domctl(xen, 0x15).GetDomain(record.Domid) == record;
    }).QuickCheckThrowOnFailure();

    [Test]
    public void The_version_of_the_hypervisor_is_read() => Assert.That(XenVersion.Read(new FakeXen()), Is.EqualTo("4.17.5"));

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
