using Actors.XenStore.Protocol;

namespace Actors.XenStore.Client;

/// <summary>The kernel's device: the way to xenstore for a process in any domain.</summary>
internal sealed class XenBusTransport : ITransport
{
    // Unbuffered, so that reading on one thread and writing on another share nothing.
    private readonly FileStream _device;
    private volatile bool _down;

    private XenBusTransport(FileStream device) => _device = device;

    /// <summary>The kernel queues whatever is written.</summary>
    public bool CanSendNow => true;

    /// <exception cref="XenStoreConnectionException">There is no such device, or it is not allowed; the message says what to do.</exception>
    public static XenBusTransport Open(string path)
    {
        try
        {
            return new XenBusTransport(new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            var advice = failure is UnauthorizedAccessException
                ? "permission denied. Run as root."
                : $"{failure.Message} Is this a Xen domain, and is xenfs or the xenbus device there?";
            throw new XenStoreConnectionException($"Cannot reach xenstore through {path}: {advice}", RequestFate.NotSent, failure);
        }
    }

    public int Receive(Span<byte> buffer)
    {
        var count = _down ? 0 : _device.Read(buffer);
        return _down ? 0 : count;
    }

    /// <summary>The kernel takes one message of each write and drops what follows it (Linux, xenbus_dev_frontend.c), so each has its own.</summary>
    public void Send(ReadOnlySpan<byte> messages)
    {
        while (!messages.IsEmpty)
        {
            var size = Wire.HeaderSize + BitConverter.ToInt32(messages[(Wire.HeaderSize - sizeof(int))..]);
            _device.Write(messages[..size]);
            messages = messages[size..];
        }
    }

    /// <summary>Closing a device does not wake who reads it; the answer to a last request does.</summary>
    public void Shutdown()
    {
        _down = true;
        var last = new MessageEncoder();
        last.Add(MessageType.GetDomainPath, requestId: uint.MaxValue, transactionId: 0, "0\0"u8);
        try
        {
            Send(last.Pending.Span);
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // It is closed already.
        }
    }

    public void Dispose() => _device.Dispose();
}
