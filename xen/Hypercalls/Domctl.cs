using System.Buffers.Binary;
using Actors.Xen.Calls;

namespace Actors.Xen.Hypercalls;

/// <summary>
/// <c>struct xen_domctl</c>: command, interface version, domid, three pads, and a union of 128 bytes (xen/include/public/domctl.h).
/// </summary>
internal sealed class Domctl(IXenCall xen, uint version)
{
    private const int Bytes = 16 + 128;
    private const int Union = 16;
    private const uint GetDomainInfo = 5;
    private const uint SetMaxMem = 11;
    private const uint VmEvent = 56, VmEventDisable = 1, VmEventPaging = 1;

    /// <summary>Tests a version with a query about dom0. Returns 0, or the error number with which the hypervisor rejects the version.</summary>
    public static int Probe(IXenCall xen, uint version)
    {
        using var buffer = Begin(xen, version, GetDomainInfo, 0);
        return (int)-Math.Min(0, xen.Call(Hypercall.Domctl, buffer));
    }

    /// <summary>Reads one domain. The result is <see langword="null"/> if no domain has that number.</summary>
    public DomainRecord? GetDomain(int domid)
    {
        using var buffer = Begin(xen, version, GetDomainInfo, domid);
        var result = xen.Call(Hypercall.Domctl, buffer);
        if (result == -Errno.NoSuchDomain)
            return null;
        XenErrors.Check("XEN_DOMCTL_getdomaininfo", result);
        var record = DomainRecord.Read(buffer.Bytes[Union..], version);
        // If no domain has that number, some versions return the next domain.
        return record.Domid == domid ? record : null;
    }

    /// <summary>Sets max_mem, in KiB.</summary>
    /// <returns>Whether the domain exists.</returns>
    public bool TrySetMaxMem(int domid, long kib)
    {
        using var buffer = Begin(xen, version, SetMaxMem, domid);
        BinaryPrimitives.WriteInt64LittleEndian(buffer.Bytes[Union..], kib);
        var result = xen.Call(Hypercall.Domctl, buffer);
        if (result == -Errno.NoSuchDomain)
            return false;
        XenErrors.Check("XEN_DOMCTL_max_mem", result);
        return true;
    }

    /// <summary>
    /// Removes the ring of a dead pager from a domain (<c>struct xen_domctl_vm_event_op</c>: operation, mode). Does nothing if the domain has no
    /// ring.
    /// </summary>
    public void DetachPager(int domid)
    {
        using var buffer = Begin(xen, version, VmEvent, domid);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.Bytes[Union..], VmEventDisable);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.Bytes[(Union + 4)..], VmEventPaging);
        var result = xen.Call(Hypercall.Domctl, buffer);
        if (result is not (-Errno.Invalid or -Errno.NoSuchDomain))
            XenErrors.Check("XEN_DOMCTL_vm_event_op", result);
    }

    private static HypercallBuffer Begin(IXenCall xen, uint version, uint command, int domid)
    {
        var buffer = xen.Allocate(Bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.Bytes, command);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.Bytes[4..], version);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.Bytes[8..], (ushort)domid);
        return buffer;
    }
}
