using Actors.Sdk;
using Actors.Xen.Domains;
using Actors.Xen.Hypercalls;

namespace Actors.Xen.Tests.Domains;

internal sealed class DomainStatesTests
{
    private const uint Crash = 3 << 16, Suspend = 2 << 16;

    [TestCase(0u, 0u, DomainKind.Pv)]
    [TestCase(DomainRecord.HvmGuest, 1u, DomainKind.Pvh, TestName = "A guest with only a local APIC is PVH")]
    [TestCase(DomainRecord.HvmGuest, 0x3ffu, DomainKind.Hvm, TestName = "A guest with a complete emulated machine is HVM")]
    public void The_kind_of_a_domain_follows_from_its_emulated_devices(uint flags, uint emulation, DomainKind kind) =>
        Assert.That(DomainStates.KindOf(Record(flags) with { Emulation = emulation }), Is.EqualTo(kind));

    [TestCase(0u, true, DomainState.Running)]
    [TestCase(0u, false, DomainState.Booting)]
    [TestCase(DomainRecord.Paused, true, DomainState.Paused)]
    [TestCase(DomainRecord.Shutdown, true, DomainState.ShutDown)]
    [TestCase(DomainRecord.Shutdown | Crash, true, DomainState.Crashed)]
    [TestCase(DomainRecord.Shutdown | Suspend, true, DomainState.Saving)]
    [TestCase(DomainRecord.Shutdown | Crash | DomainRecord.Dying, true, DomainState.Dying)]
    public void The_state_of_a_domain_follows_from_its_flags_and_its_kernel(uint flags, bool ready, DomainState state) =>
        Assert.That(DomainStates.Of(Record(flags), ready), Is.EqualTo(state));

    [Test]
    public void A_domain_that_was_built_and_never_ran_is_booting_and_not_paused() =>
        Assert.That(DomainStates.Of(Record(DomainRecord.Paused) with { CpuTime = 0 }, ready: false), Is.EqualTo(DomainState.Booting));

    private static DomainRecord Record(uint flags) => new(3, flags, 1, 1, 0, 0, 0, 1_000_000_000, Guid.NewGuid(), 1);
}
