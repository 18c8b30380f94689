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

    /// <summary>0, or the error number with which the hypervisor refuses that version; asks about dom0.</summary>
    public static int Probe(IXenCall xen, uint version)
    {
        using var buffer = Begin(xen, version, GetDomainInfo, 0);
        return (int)-Math.Min(0, xen.Call(Hypercall.Domctl, buffer));
    }

    /// <summary>What the hypervisor says of one domain; <see langword="null"/> when there is none of that number.</summary>
    public DomainRecord? Ask(int domid)
    {
        using var buffer = Begin(xen, version, GetDomainInfo, domid);
        var result = xen.Call(Hypercall.Domctl, buffer);
        if (result == -Errno.NoSuchDomain)
            return null;
        XenErrors.Check("XEN_DOMCTL_getdomaininfo", result);
        var record = DomainRecord.Read(buffer.Bytes[Union..], version);
        // Some versions answer for the next domain where there is none of that number.
        return record.Domid == domid ? record : null;
    }

    /// <summary>Sets the ceiling, in KiB.</summary>
    /// <returns>Whether there is such a domain.</returns>
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
    /// Takes the ring of a pager that is no more away from a domain (<c>struct xen_domctl_vm_event_op</c>: operation, mode). A domain
    /// without one is left as it is.
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
