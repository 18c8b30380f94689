using System.Net.Sockets;
using System.Text;
using Actors.XenStore.Protocol;

namespace Actors.XenStore.Tests.Client;

/// <summary>A daemon that the test controls, down to single bytes.</summary>
internal sealed class FakeDaemon : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("xs-");
    private Socket? _listener;

    public FakeDaemon() => Listen();

    public XenStoreEndpoint Endpoint => XenStoreEndpoint.Socket(Path.Combine(_folder.FullName, "socket"));

    /// <summary>Starts to accept connections.</summary>
    public void Listen()
    {
        File.Delete(Endpoint.Path);
        _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(new UnixDomainSocketEndPoint(Endpoint.Path));
        _listener.Listen();
    }

    /// <summary>Stops accepting connections.</summary>
    public void StopListening() => _listener?.Dispose();

    public async Task<FakePeer> AcceptAsync() => new(await _listener!.AcceptAsync().WaitAsync(FakePeer.Deadline, TimeProvider.System));

    /// <summary>Opens a client and the daemon's end of its connection.</summary>
    public async Task<(XenStoreClient Client, FakePeer Peer)> ConnectAsync(XenStoreClientOptions? options = null)
    {
        var client = XenStoreClient.ConnectAsync(Endpoint, options);
        var peer = await AcceptAsync();
        return (await client, peer);
    }

    public ValueTask DisposeAsync()
    {
        StopListening();
        _folder.Delete(recursive: true);
        return default;
    }
}

/// <summary>A request that the daemon received, with NULs as <c>|</c>.</summary>
internal sealed record FakeRequest(MessageType Type, uint Id, uint Transaction, string Payload);

/// <summary>The daemon's end of one connection.</summary>
internal sealed class FakePeer(Socket socket) : IDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private readonly MessageDecoder _decoder = new();

    /// <summary>Receives the next request.</summary>
    public async Task<FakeRequest> NextAsync()
    {
        while (true)
        {
            if (TryTake() is { } request)
                return request;
            var count = await socket.ReceiveAsync(_decoder.FreeSpace()).AsTask().WaitAsync(Deadline, TimeProvider.System);
            Assert.That(count, Is.Positive, "the client must not disconnect");
            _decoder.Received(count);
        }
    }

    /// <summary>Whether there is no unread request.</summary>
    public bool IsIdle => socket.Available == 0 && _decoder.Buffered == 0;

    /// <summary>Waits until the client disconnects.</summary>
    public async Task<bool> HasDisconnectedAsync() => await socket.ReceiveAsync(_decoder.FreeSpace()).AsTask().WaitAsync(Deadline, TimeProvider.System) == 0;

    public void Reply(FakeRequest request, string payload) => Send(Bytes(request.Type, payload, request.Id, request.Transaction));

    public void Refuse(FakeRequest request, string error) => Send(Bytes(MessageType.Error, error + "|", request.Id, request.Transaction));

    public void Fire(string path, string token) => Send(Bytes(MessageType.WatchEvent, $"{path}|{token}|", 0, 0));

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[socket.Send(bytes)..];
    }

    /// <summary>Receives the next request and replies to it.</summary>
    public async Task<FakeRequest> AnswerAsync(string payload)
    {
        var request = await NextAsync();
        Reply(request, payload);
        return request;
    }

    public void Dispose() => socket.Dispose();

    public static byte[] Bytes(MessageType type, string payload, uint id, uint transaction)
    {
        var encoder = new MessageEncoder();
        encoder.Add(type, id, transaction, Encoding.Latin1.GetBytes(payload.Replace('|', '\0')));
        return encoder.Pending.ToArray();
    }

    private FakeRequest? TryTake() =>
        _decoder.TryRead(out var message)
            ? new FakeRequest(
                message.Type, message.RequestId, message.TransactionId, Encoding.Latin1.GetString(message.Payload).Replace('\0', '|'))
            : null;
}
