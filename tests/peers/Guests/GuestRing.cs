using System.IO.MemoryMappedFiles;
using Actors.XenStore.Client;

namespace Actors.Peers;

/// <summary>
/// The connection of a guest to a real daemon: its ring page (xen/io/xs_wire.h, xenstore_domain_interface) and its event channel,
/// so permissions and quotas apply.
/// </summary>
internal sealed class GuestRing : ITransport
{
    private const int RingSize = 1024;
    private const int RequestRing = 0;
    private const int ReplyRing = 1024;
    private const int RequestConsumed = 2048;
    private const int RequestProduced = 2052;
    private const int ReplyConsumed = 2056;
    private const int ReplyProduced = 2060;
    private static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(10);

    private readonly int _domid;
    private readonly FakeHypervisor _hypervisor;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _page;
    private readonly FileStream _notifications;
    private volatile bool _down;

    private GuestRing(int domid, FakeHypervisor hypervisor)
    {
        _domid = domid;
        _hypervisor = hypervisor;
        _file = MemoryMappedFile.CreateFromFile(hypervisor.RingPage(domid), FileMode.OpenOrCreate, mapName: null, capacity: 4096);
        _page = _file.CreateViewAccessor();
        _notifications = new FileStream(hypervisor.NotifyFifo(domid), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
    }

    public bool CanSendNow => true;

    /// <summary>Opens the ring of a domain that is introduced after this call.</summary>
    public static async Task<GuestRing> OpenAsync(int domid, FakeHypervisor hypervisor)
    {
        await Programs.RunAsync(Programs.Find("mkfifo", "coreutils"), [hypervisor.NotifyFifo(domid)]);
        return new GuestRing(domid, hypervisor);
    }

    public int Receive(Span<byte> buffer)
    {
        Span<byte> notifications = stackalloc byte[64];
        while (!_down)
        {
            var consumed = Index(ReplyConsumed);
            var count = (int)Math.Min(Index(ReplyProduced) - consumed, (uint)buffer.Length);
            if (count == 0)
            {
                _notifications.ReadAtLeast(notifications, 1);
                continue;
            }
            for (var i = 0; i < count; i++)
                buffer[i] = _page.ReadByte(ReplyRing + (int)((consumed + (uint)i) % RingSize));
            Advance(ReplyConsumed, consumed + (uint)count);
            return count;
        }
        return 0;
    }

    public void Send(ReadOnlySpan<byte> messages)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!messages.IsEmpty)
        {
            var produced = Index(RequestProduced);
            var room = RingSize - (int)(produced - Index(RequestConsumed));
            var count = Math.Min(room, messages.Length);
            for (var i = 0; i < count; i++)
                _page.Write(RequestRing + (int)((produced + (uint)i) % RingSize), messages[i]);
            if (count > 0)
                Advance(RequestProduced, produced + (uint)count);
            messages = messages[count..];
            if (TimeProvider.System.GetElapsedTime(start) > StallLimit)
                throw new IOException($"The daemon does not read the ring of domain {_domid}.");
        }
    }

    public void Shutdown()
    {
        _down = true;
        try
        {
            _notifications.WriteByte(0);
        }
        catch (ObjectDisposedException)
        {
            // The connection was lost first.
        }
    }

    public void Dispose()
    {
        _notifications.Dispose();
        _page.Dispose();
        _file.Dispose();
    }

    private uint Index(int offset)
    {
        var value = _page.ReadUInt32(offset);
        Thread.MemoryBarrier();
        return value;
    }

    private void Advance(int offset, uint value)
    {
        Thread.MemoryBarrier();
        _page.Write(offset, value);
        Thread.MemoryBarrier();
        _hypervisor.Kick(_domid);
    }
}
