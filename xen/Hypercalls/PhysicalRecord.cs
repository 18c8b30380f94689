using System.Buffers.Binary;

namespace Actors.Xen.Hypercalls;

/// <summary><c>struct xen_sysctl_physinfo</c> (xen/include/public/sysctl.h) with the fields in use. Amounts are pages.</summary>
internal sealed record PhysicalRecord(uint Capabilities, long TotalPages, long FreePages, long ScrubPages, long OutstandingPages)
{
    /// <summary><c>XEN_SYSCTL_PHYSCAP_hvm</c> and <c>…_hap</c>.</summary>
    public const uint Hvm = 1 << 0, Hap = 1 << 3;

    public static PhysicalRecord Read(ReadOnlySpan<byte> bytes, uint sysctlVersion)
    {
        // 4.17 (0x15) added the capabilities of the architecture before the amounts.
        var amounts = bytes[(sysctlVersion >= 0x15 ? 40 : 32)..];
        return new PhysicalRecord(
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]),
            BinaryPrimitives.ReadInt64LittleEndian(amounts),
            BinaryPrimitives.ReadInt64LittleEndian(amounts[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(amounts[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(amounts[24..]));
    }
}
