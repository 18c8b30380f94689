using System.Net.Sockets;
using Actors.XenStore.Files;
using Actors.XenStore.Protocol;

namespace Actors.XenStore.Client;

/// <summary>The unix socket of a daemon.</summary>
internal sealed class SocketTransport : ITransport
{
    private readonly Socket _socket;
    private readonly AdaptiveSpin _spin;

    private SocketTransport(Socket socket)
    {
        _socket = socket;
        _spin = new AdaptiveSpin(() => _socket.Available > 0);
    }

    public bool CanSendNow => _socket.Poll(0, SelectMode.SelectWrite);

    /// <exception cref="XenStoreConnectionException">No daemon listens on the path, or the access is denied. The message says what to do.</exception>
    public static SocketTransport Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return new SocketTransport(socket);
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException)
        {
            socket.Dispose();
            throw new XenStoreConnectionException($"Cannot reach xenstore at {Printable.Escape(path)}: {Advice(path, failure)}", RequestFate.NotSent, failure);
        }
    }

    public int Receive(Span<byte> buffer)
    {
        _spin.Begin();
        var count = _socket.Receive(buffer);
        _spin.End();
        return count;
    }

    public void Send(ReadOnlySpan<byte> messages)
    {
        while (!messages.IsEmpty)
            messages = messages[_socket.Send(messages)..];
    }

    public void Shutdown()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The daemon closed the connection first, which ends a receive too.
        }
    }

    public void Dispose() => _socket.Dispose();

    private static string Advice(string path, Exception failure) => failure switch
    {
        SocketException when FileStatus.TryRead(path, followLinks: true) is { Type: FileType.CharacterDevice } =>
            $"it is a device, not a socket. Use xenbus:{Printable.Escape(path)}.",
        SocketException when FileStatus.TryRead(path, followLinks: true) is { Type: not FileType.Socket } status =>
            $"it is {status.Description}, not a socket. Set XENSTORED_PATH to the path of xenstored's socket.",
        SocketException { SocketErrorCode: SocketError.AccessDenied } => "permission denied. Run as root, or as a user who may use the socket.",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "the socket exists, but no daemon listens on it. Start xenstored again.",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } =>
            "the socket does not exist. Start xenstored, or set XENSTORED_PATH to the path of its socket.",
        ArgumentException => "the path is too long for a unix socket (at most 107 bytes).",
        _ => $"{failure.Message}.",
    };
}
