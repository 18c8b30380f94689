using System.Buffers.Binary;
using Actors.Xen.Calls;

namespace Actors.Xen.Hypercalls;

/// <summary>The memory hypercalls, whose shapes never change (xen/include/public/memory.h).</summary>
internal sealed class MemoryOps(IXenCall xen)
{
    private const uint CurrentReservation = 3, MaximumReservation = 4, GetPodTarget = 17, SharingFreed = 18, SharingShared = 19, ClaimPages = 24;

    /// <summary><c>tot_pages</c> of a domain, or minus the error number.</summary>
    public long CurrentPages(int domid) => Ask(CurrentReservation, domid);

    /// <summary><c>max_pages</c> of a domain, or minus the error number.</summary>
    public long MaximumPages(int domid) => Ask(MaximumReservation, domid);

    /// <summary>Pages that sharing has freed on the whole host, or minus the error number.</summary>
    public long SharingFreedPages() => xen.Call(Hypercall.MemoryOp, SharingFreed, null);

    /// <summary>Pages that are shared on the whole host, or minus the error number.</summary>
    public long SharingSharedPages() => xen.Call(Hypercall.MemoryOp, SharingShared, null);

    /// <summary>Promises a domain so many pages in all; 0 takes the promise back. 0, or minus the error number.</summary>
    public long Claim(int domid, long pages)
    {
        // struct xen_memory_reservation: extent_start, nr_extents, extent_order, mem_flags, domid.
        using var buffer = xen.Allocate(32);
        BinaryPrimitives.WriteInt64LittleEndian(buffer.Bytes[8..], pages);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.Bytes[24..], (ushort)domid);
        return xen.Call(Hypercall.MemoryOp, ClaimPages, buffer);
    }

    /// <summary>How many pages the domain believes to have and was never given (populate on demand), or minus the error number.</summary>
    public long PopulateOnDemandEntries(int domid)
    {
        // struct xen_pod_target: target_pages, tot_pages, pod_cache_pages, pod_entries, domid.
        using var buffer = xen.Allocate(40);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.Bytes[32..], (ushort)domid);
        var result = xen.Call(Hypercall.MemoryOp, GetPodTarget, buffer);
        return result < 0 ? result : BinaryPrimitives.ReadInt64LittleEndian(buffer.Bytes[24..]);
    }

    private long Ask(uint command, int domid)
    {
        using var buffer = xen.Allocate(sizeof(ushort));
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.Bytes, (ushort)domid);
        return xen.Call(Hypercall.MemoryOp, command, buffer);
    }
}
