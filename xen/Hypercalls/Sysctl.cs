using System.Buffers.Binary;
using Actors.Xen.Calls;

namespace Actors.Xen.Hypercalls;

/// <summary><c>struct xen_sysctl</c>: command, interface version, and a union of 128 bytes (xen/include/public/sysctl.h).</summary>
internal sealed class Sysctl(IXenCall xen, InterfaceVersions versions)
{
    private const int Bytes = 8 + 128;
    private const int Union = 8;
    private const uint PhysInfo = 3;
    private const uint GetDomainInfoList = 6;
    private const int BatchSize = 256;

    /// <summary>Tests a version. Returns 0, or the error number with which the hypervisor rejects it.</summary>
    public static int Probe(IXenCall xen, uint version)
    {
        using var buffer = Begin(xen, version, PhysInfo);
        return (int)-Math.Min(0, xen.Call(Hypercall.Sysctl, buffer));
    }

    public PhysicalRecord ReadPhysicalInfo()
    {
        using var buffer = Begin(xen, versions.Sysctl, PhysInfo);
        XenErrors.Check("XEN_SYSCTL_physinfo", xen.Call(Hypercall.Sysctl, buffer));
        return PhysicalRecord.Read(buffer.Bytes[Union..], versions.Sysctl);
    }

    /// <summary>Lists all domains, ordered by domid.</summary>
    public IReadOnlyList<DomainRecord> ListDomains()
    {
        var length = DomainRecord.Length(versions.Domctl);
        using var records = xen.Allocate(BatchSize * length);
        var domains = new List<DomainRecord>();
        int found;
        do
        {
            found = List(domains.Count == 0 ? 0 : domains[^1].Domid + 1, records);
            for (var index = 0; index < found; index++)
                domains.Add(DomainRecord.Read(records.Bytes[(index * length)..], versions.Domctl));
        }
        while (found == BatchSize);
        return domains;
    }

    private int List(int first, HypercallBuffer records)
    {
        using var buffer = Begin(xen, versions.Sysctl, GetDomainInfoList);
        var list = buffer.Bytes[Union..];
        BinaryPrimitives.WriteUInt16LittleEndian(list, (ushort)first);
        BinaryPrimitives.WriteUInt32LittleEndian(list[4..], BatchSize);
        BinaryPrimitives.WriteInt64LittleEndian(list[8..], records.Address);
        XenErrors.Check("XEN_SYSCTL_getdomaininfolist", xen.Call(Hypercall.Sysctl, buffer));
        return (int)BinaryPrimitives.ReadUInt32LittleEndian(list[16..]);
    }

    private static HypercallBuffer Begin(IXenCall xen, uint version, uint command)
    {
        var buffer = xen.Allocate(Bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.Bytes, command);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.Bytes[4..], version);
        return buffer;
    }
}
