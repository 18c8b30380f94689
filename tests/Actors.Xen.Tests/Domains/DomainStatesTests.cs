using Actors.Sdk;
using Actors.Xen.Domains;
using Actors.Xen.Hypercalls;

namespace Actors.Xen.Tests.Domains;

internal sealed class DomainStatesTests
{
    private const uint Crash = 3 << 16, Suspend = 2 << 16;

    [TestCase(0u, 0u, DomainKind.Pv)]
    [TestCase(DomainRecord.HvmGuest, 1u, DomainKind.Pvh, TestName = "A guest with a local APIC alone is PVH")]
    [TestCase(DomainRecord.HvmGuest, 0x3ffu, DomainKind.Hvm, TestName = "A guest with a whole machine is HVM")]
    public void A_domains_kind_is_told_by_what_is_emulated_for_it(uint flags, uint emulation, DomainKind kind) =>
        Assert.That(DomainStates.KindOf(Record(flags) with { Emulation = emulation }), Is.EqualTo(kind));

    [TestCase(0u, true, DomainState.Running)]
    [TestCase(0u, false, DomainState.Booting)]
    [TestCase(DomainRecord.Paused, true, DomainState.Paused)]
    [TestCase(DomainRecord.Shutdown, true, DomainState.ShutDown)]
    [TestCase(DomainRecord.Shutdown | Crash, true, DomainState.Crashed)]
    [TestCase(DomainRecord.Shutdown | Suspend, true, DomainState.Saving)]
    [TestCase(DomainRecord.Shutdown | Crash | DomainRecord.Dying, true, DomainState.Dying)]
    public void A_domains_state_is_told_by_its_flags_and_by_its_kernel(uint flags, bool announced, DomainState state) =>
        Assert.That(DomainStates.Of(Record(flags), announced), Is.EqualTo(state));

    [Test]
    public void A_domain_that_was_built_and_never_ran_is_booting_and_not_paused() =>
        Assert.That(DomainStates.Of(Record(DomainRecord.Paused) with { CpuTime = 0 }, announced: false), Is.EqualTo(DomainState.Booting));

    [Test]
    public void A_guest_that_never_announces_itself_counts_as_running_after_two_minutes_of_work() =>
        Assert.That(DomainStates.Of(Record(0) with { CpuTime = 121_000_000_000 }, announced: false), Is.EqualTo(DomainState.Running));

    [Test]
    public void Dom0_is_never_booting() =>
        Assert.That(DomainStates.Of(Record(0) with { Domid = 0 }, announced: false), Is.EqualTo(DomainState.Running));

    private static DomainRecord Record(uint flags) => new(3, flags, 1, 1, 0, 0, 0, 1_000_000_000, Guid.NewGuid(), 1);
}
