using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Actors.Xen.Calls;
using Actors.Xen.Hypercalls;

namespace Actors.Xen.Tests;

/// <summary>
/// A fake hypervisor that works on bytes. It uses the offsets from the public headers of its version, and none of our code.
/// </summary>
internal sealed class FakeXen : IXenCall
{
    private const int NoSuchDomain = 3, NoAccess = 13;

    private readonly Dictionary<nint, Memory> _buffers = [];

    public uint DomctlVersion { get; init; } = 0x15;
    public uint SysctlVersion { get; init; } = 0x15;
    public List<DomainRecord> Domains { get; } = [];
    public PhysicalRecord Machine { get; init; } = new(0, 1_000_000, 400_000, 0, 0);
    public Dictionary<int, long> MaxMem { get; } = [];
    public bool BuiltWithPaging { get; init; }

    /// <summary>Domains with a paging ring, of a pager that is alive or dead.</summary>
    public HashSet<int> Rings { get; } = [];
    public bool BuiltWithSharing { get; init; }

    /// <summary>Returns the error number with which a hypercall fails; 0 for success.</summary>
    public Func<Hypercall, ulong, int> Fault { get; set; } = (_, _) => 0;

    public int BuffersInUse => _buffers.Count;

    public HypercallBuffer Allocate(int bytes)
    {
        var memory = new Memory(bytes, this);
        _buffers.Add(memory.Address, memory);
        return memory;
    }

    public long Call(Hypercall call, HypercallBuffer argument)
    {
        var bytes = argument.Bytes;
        var command = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (Fault(call, command) is not 0 and var errno)
            return -errno;
        var version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        return call switch
        {
            Hypercall.Domctl when version != DomctlVersion => -NoAccess,
            Hypercall.Sysctl when version != SysctlVersion => -NoAccess,
            Hypercall.Domctl when command == 5 => GetDomainInfo(bytes),
            Hypercall.Domctl when command == 11 => SetMaxMem(bytes),
            Hypercall.Domctl when command == 56 => VmEvent(bytes),
            Hypercall.Sysctl when command == 3 => PhysInfo(bytes[8..]),
            Hypercall.Sysctl when command == 6 => List(bytes[8..]),
            _ => -38,
        };
    }

    public long Call(Hypercall call, ulong command, HypercallBuffer? argument)
    {
        if (Fault(call, command) is not 0 and var errno)
            return -errno;
        if (call == Hypercall.XenVersion)
        {
            if (command == 0)
                return (4 << 16) | 17;
            ".5"u8.CopyTo(argument!.Bytes);
            return 0;
        }
        var domid = argument is null ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(argument.Bytes[(command == 24 ? 24 : command == 17 ? 32 : 0)..]);
        var record = Domains.Find(domain => domain.Domid == domid);
        return (command, record) switch
        {
            (3, null) or (4, null) => -NoSuchDomain,
            (3, _) => record.TotPages,
            (4, _) => record.MaxPages,
            (17, _) when record is not null => WriteOnDemand(argument!.Bytes),
            (20, _) when BuiltWithPaging => -NoSuchDomain,
            (22, _) when BuiltWithSharing => -NoSuchDomain,
            (24, _) => BinaryPrimitives.ReadInt64LittleEndian(argument!.Bytes[8..]) > (record?.MaxPages ?? 0) ? -22 : 0,
            _ => -38,
        };
    }

    public void Dispose()
    {
    }

    /// <summary>The pages that every domain still has to be populated on demand.</summary>
    public long OnDemand { get; set; }

    private long WriteOnDemand(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], OnDemand);
        return 0;
    }

    private int RecordLength => DomctlVersion >= 0x14 ? 112 : 104;

    private long GetDomainInfo(Span<byte> bytes)
    {
        var domid = BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]);
        if (Domains.Find(domain => domain.Domid >= domid) is not { } record)
            return -NoSuchDomain;
        Write(record, bytes[16..]);
        return 0;
    }

    private long SetMaxMem(Span<byte> bytes)
    {
        var domid = BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]);
        if (!Domains.Exists(domain => domain.Domid == domid))
            return -NoSuchDomain;
        MaxMem[domid] = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
        return 0;
    }

    private long VmEvent(Span<byte> bytes)
    {
        const int disable = 1, paging = 1, invalid = 22;
        var domid = BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]);
        var operation = (BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]));
        if (!Domains.Exists(domain => domain.Domid == domid))
            return -NoSuchDomain;
        return operation == (disable, paging) && Rings.Remove(domid) ? 0 : -invalid;
    }

    private long PhysInfo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[28..], Machine.Capabilities);
        var amounts = bytes[(SysctlVersion >= 0x15 ? 40 : 32)..];
        BinaryPrimitives.WriteInt64LittleEndian(amounts, Machine.TotalPages);
        BinaryPrimitives.WriteInt64LittleEndian(amounts[8..], Machine.FreePages);
        BinaryPrimitives.WriteInt64LittleEndian(amounts[16..], Machine.ScrubPages);
        BinaryPrimitives.WriteInt64LittleEndian(amounts[24..], Machine.OutstandingPages);
        return 0;
    }

    private long List(Span<byte> bytes)
    {
        var first = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        var most = (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        var target = _buffers[(nint)BinaryPrimitives.ReadInt64LittleEndian(bytes[8..])].Bytes;
        var found = Domains.Where(domain => domain.Domid >= first).Take(most).ToList();
        for (var index = 0; index < found.Count; index++)
            Write(found[index], target.Slice(index * RecordLength, RecordLength));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[16..], (uint)found.Count);
        return 0;
    }

    private void Write(DomainRecord record, Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)record.Domid);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], record.Flags);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], record.TotPages);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], record.MaxPages);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], record.OutstandingPages);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], record.SharedPages);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], record.PagedPages);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[56..], record.CpuTime);
        record.Handle.TryWriteBytes(bytes[76..], bigEndian: true, out _);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[(DomctlVersion >= 0x14 ? 104 : 96)..], record.Emulation);
    }

    private sealed class Memory : HypercallBuffer
    {
        private readonly FakeXen _xen;
        private readonly GCHandle _pin;

        public Memory(int length, FakeXen xen)
        {
            _xen = xen;
            Length = length;
            _pin = GCHandle.Alloc(new byte[length], GCHandleType.Pinned);
        }

        public override nint Address => _pin.AddrOfPinnedObject();

        public override int Length { get; }

        public override void Dispose()
        {
            _xen._buffers.Remove(Address);
            _pin.Free();
        }
    }
}
