using System.Net.Sockets;
using Actors.XenStore.Protocol;

namespace Actors.XenStore.Client;

/// <summary>A daemon's unix socket.</summary>
internal sealed class SocketTransport : ITransport
{
    private readonly Socket _socket;
    private readonly Vigil _vigil;

    private SocketTransport(Socket socket)
    {
        _socket = socket;
        _vigil = new Vigil(() => _socket.Available > 0);
    }

    public bool CanSendNow => _socket.Poll(0, SelectMode.SelectWrite);

    /// <exception cref="XenStoreConnectionException">Nobody listens there, or it is not allowed; the message says what to do.</exception>
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
            throw new XenStoreConnectionException($"Cannot reach xenstore at {path}: {Advice(failure)}", RequestFate.NotSent, failure);
        }
    }

    public int Receive(Span<byte> buffer)
    {
        _vigil.Begin();
        var count = _socket.Receive(buffer);
        _vigil.End();
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
            // The daemon was faster; that ends a receive just as well.
        }
    }

    public void Dispose() => _socket.Dispose();

    private static string Advice(Exception failure) => failure switch
    {
        SocketException { SocketErrorCode: SocketError.AccessDenied } => "permission denied. Run as root, or as a user that may use the socket.",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "the socket is there, but no daemon listens on it. Start xenstored again.",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } =>
            "there is no such socket. Start xenstored, or give the path of its socket in XENSTORED_PATH.",
        ArgumentException => "the path is too long for a unix socket (at most 107 bytes).",
        _ => $"{failure.Message}.",
    };
}
