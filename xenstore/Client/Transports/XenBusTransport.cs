using Actors.XenStore.Files;
using Actors.XenStore.Protocol;

namespace Actors.XenStore.Client;

/// <summary>The kernel's device, through which a process in any domain reaches xenstore.</summary>
internal sealed class XenBusTransport : ITransport
{
    // The stream is unbuffered, so that a reading thread and a writing thread share nothing.
    private readonly FileStream _device;
    private volatile bool _down;

    private XenBusTransport(FileStream device) => _device = device;

    /// <summary>Always true: the kernel queues everything that is written.</summary>
    public bool CanSendNow => true;

    /// <exception cref="XenStoreConnectionException">The device does not exist, or the access is denied. The message says what to do.</exception>
    public static XenBusTransport Open(string path)
    {
        // A message must not be written to a regular file, and opening a FIFO would block.
        if (FileStatus.TryRead(path, followLinks: true) is { Type: not FileType.CharacterDevice } status)
            throw new XenStoreConnectionException(
                $"Cannot reach xenstore through {Printable.Escape(path)}: it is {status.Description}, not a device."
                + (status.Type == FileType.Socket ? $" Use unix:{Printable.Escape(path)}." : ""),
                RequestFate.NotSent);
        try
        {
            return new XenBusTransport(new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            var advice = failure is UnauthorizedAccessException
                ? "permission denied. Run as root."
                : $"{failure.Message} Is this a Xen domain with xenfs or the xenbus device?";
            throw new XenStoreConnectionException($"Cannot reach xenstore through {Printable.Escape(path)}: {advice}", RequestFate.NotSent, failure);
        }
    }

    public int Receive(Span<byte> buffer)
    {
        var count = _down ? 0 : _device.Read(buffer);
        return _down ? 0 : count;
    }

    /// <summary>Writes each message separately: the kernel takes one message of a write and drops the rest (Linux, xenbus_dev_frontend.c).</summary>
    public void Send(ReadOnlySpan<byte> messages)
    {
        while (!messages.IsEmpty)
        {
            var size = Wire.HeaderSize + BitConverter.ToInt32(messages[(Wire.HeaderSize - sizeof(int))..]);
            _device.Write(messages[..size]);
            messages = messages[size..];
        }
    }

    /// <summary>Ends a read with a last request: closing a device does not wake its reader, but a reply does.</summary>
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
            // The device is already closed.
        }
    }

    public void Dispose() => _device.Dispose();
}
