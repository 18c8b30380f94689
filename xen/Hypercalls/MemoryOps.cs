using System.Buffers.Binary;
using Actors.Xen.Calls;

namespace Actors.Xen.Hypercalls;

/// <summary>The memory hypercalls. Their structures never change (xen/include/public/memory.h).</summary>
internal sealed class MemoryOps(IXenCall xen)
{
    private const uint CurrentReservation = 3, MaximumReservation = 4, GetPodTarget = 17, SharingFreed = 18, SharingShared = 19, PagingOp = 20, SharingOp = 22, ClaimPages = 24;

    // DOMID_INVALID. A hypervisor that knows an operation reports that the domain does not exist; others report that the operation is unknown.
    private const int NoDomain = 0x7ff4;

    /// <summary>Whether the hypervisor is built with memory paging. The test changes nothing.</summary>
    public bool HasPaging { get; } = Supports(xen, PagingOp);

    /// <summary>Whether the hypervisor is built with memory sharing. The test changes nothing.</summary>
    public bool HasSharing { get; } = Supports(xen, SharingOp);

    /// <summary>Whether the hypervisor supports claims. The test changes nothing.</summary>
    public bool HasClaims => !IsUnknown(Claim(NoDomain, 0));

    /// <summary><c>tot_pages</c> of a domain, or the negative error number.</summary>
    public long CurrentPages(int domid) => Query(CurrentReservation, domid);

    /// <summary><c>max_pages</c> of a domain, or the negative error number.</summary>
    public long MaximumPages(int domid) => Query(MaximumReservation, domid);

    /// <summary>Pages that sharing has freed on the whole host, or the negative error number.</summary>
    public long SharingFreedPages() => xen.Call(Hypercall.MemoryOp, SharingFreed, null);

    /// <summary>Pages that are shared on the whole host, or the negative error number.</summary>
    public long SharingSharedPages() => xen.Call(Hypercall.MemoryOp, SharingShared, null);

    /// <summary>Claims a total number of pages for a domain; 0 removes the claim. Returns 0, or the negative error number.</summary>
    public long Claim(int domid, long pages)
    {
        // struct xen_memory_reservation: extent_start, nr_extents, extent_order, mem_flags, domid.
        using var buffer = xen.Allocate(32);
        BinaryPrimitives.WriteInt64LittleEndian(buffer.Bytes[8..], pages);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.Bytes[24..], (ushort)domid);
        return xen.Call(Hypercall.MemoryOp, ClaimPages, buffer);
    }

    /// <summary>The number of pages that the domain was promised but that were never allocated (populate on demand), or the negative error number.</summary>
    public long PopulateOnDemandEntries(int domid)
    {
        // struct xen_pod_target: target_pages, tot_pages, pod_cache_pages, pod_entries, domid.
        using var buffer = xen.Allocate(40);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.Bytes[32..], (ushort)domid);
        var result = xen.Call(Hypercall.MemoryOp, GetPodTarget, buffer);
        return result < 0 ? result : BinaryPrimitives.ReadInt64LittleEndian(buffer.Bytes[24..]);
    }

    // struct xen_mem_paging_op and xen_mem_sharing_op have the same first fields: op, a pad, domain.
    private static bool Supports(IXenCall xen, uint command)
    {
        using var buffer = xen.Allocate(64);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.Bytes[2..], NoDomain);
        return !IsUnknown(xen.Call(Hypercall.MemoryOp, command, buffer));
    }

    private static bool IsUnknown(long result) => result is -Errno.NotImplemented or -Errno.NotSupported;

    private long Query(uint command, int domid)
    {
        using var buffer = xen.Allocate(sizeof(ushort));
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.Bytes, (ushort)domid);
        return xen.Call(Hypercall.MemoryOp, command, buffer);
    }
}
