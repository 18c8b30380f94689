using System.Buffers.Binary;

namespace Actors.Xen.Hypercalls;

/// <summary>
/// <c>struct xen_domctl_getdomaininfo</c> (xen/include/public/domctl.h). All fields that are read have the same offset in every
/// version since 4.14, except the last one: <c>XEN_X86_EMU_*</c>, the devices that the hypervisor emulates. CPU time is in nanoseconds.
/// </summary>
internal sealed record DomainRecord(
    int Domid, uint Flags, long TotPages, long MaxPages, long OutstandingPages, long SharedPages, long PagedPages, ulong CpuTime, Guid Handle, uint Emulation)
{
    public const uint Dying = 1 << 0, HvmGuest = 1 << 1, Shutdown = 1 << 2, Paused = 1 << 3, XenStoreDomain = 1 << 7, Hap = 1 << 8;

    public const uint ShutdownSuspend = 2, ShutdownCrash = 3;

    /// <summary><c>XEN_X86_EMU_PM</c>: a power management timer. HVM domains have one, PVH domains do not.</summary>
    public const uint EmulatedPowerManagement = 1 << 2;

    public uint ShutdownCode => (Flags >> 16) & 0xff;

    /// <summary>Whether the guest has suspended itself. It does so when it is saved, and in the last step of a migration.</summary>
    public bool Suspended => (Flags & Shutdown) != 0 && ShutdownCode == ShutdownSuspend;

    /// <summary>The length of one record in a list. Xen 4.16 (domctl 0x14) added the width of guest addresses before the last field.</summary>
    public static int Length(uint domctlVersion) => domctlVersion >= GuestAddressBits ? 112 : 104;

    public static DomainRecord Read(ReadOnlySpan<byte> bytes, uint domctlVersion) => new(
        BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
        BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
        BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
        BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
        BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
        BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[56..]),
        new Guid(bytes.Slice(76, 16), bigEndian: true),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[(Length(domctlVersion) - 8)..]));

    private const uint GuestAddressBits = 0x14;
}
