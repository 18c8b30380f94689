using System.Net.Sockets;
using System.Text;
using Actors.XenStore.Embedded;
using Actors.XenStore.Protocol;
using Actors.XenStore.Server;

namespace Actors.Fuzz.Targets;

/// <summary>The server of the embedded store. No input may make a request fail in the server, or keep another connection from being served.</summary>
internal sealed class ServerTarget : IFuzzTarget, IDisposable
{
    private const int StoreLifetime = 5000;
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("fuzz-").FullName, "socket");
    private readonly StringBuilder _errors = new();
    private XenStoreServer? _server;
    private int _runs;

    public string Name => "server";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        Request(MessageType.Write, "/a/b\0value"), Request(MessageType.Directory, "/\0"), Request(MessageType.SetPermissions, "/tool\0n0\0r7\0"),
        [.. Request(MessageType.TransactionStart, "\0"), .. Request(MessageType.Write, "/a\0v", 1), .. Request(MessageType.TransactionEnd, "T\0", 1)],
        [.. Request(MessageType.Watch, "/a\0t\0"), .. Request(MessageType.MakeDirectory, "/a/c\0"), .. Request(MessageType.Unwatch, "/a\0t\0")],
        [.. Request(MessageType.Introduce, "7\01\015\0"), .. Request(MessageType.SetTarget, "7\00\0"), .. Request(MessageType.Release, "7\0")],
        Request(MessageType.Control, "quota\0set\0nodes\05\0"), Request(MessageType.DirectoryPart, "/\00\0"), Request(MessageType.Remove, "/a\0"),
    ];

    public IReadOnlyList<byte[]> Tokens { get; } =
        [[0], Bytes("/"), Bytes("@releaseDomain\0"), Bytes("n0\0"), Bytes("99999999999\0"), .. Enumerable.Range(0, 24).Select(type => Request((MessageType)type, "/a\0"))];

    public int Run(byte[] input)
    {
        if (_runs++ % StoreLifetime == 0)
            Restart();
        var replies = Exchange(input);
        var honest = Exchange(Request(MessageType.IsDomainIntroduced, "0\0"));
        if (honest.Count != 1 || honest[0] != (MessageType.IsDomainIntroduced, "T\0"))
            throw new InvalidOperationException("Another connection was not served.");
        var errors = _errors.ToString();
        _errors.Clear();
        if (errors.Contains("one of its requests failed", StringComparison.Ordinal))
            throw new InvalidOperationException(errors);
        return replies.Aggregate(0, (hash, reply) => HashCode.Combine(hash, reply.Type, reply.Type == MessageType.Error ? reply.Payload : ""));
    }

    public void Dispose() => _server?.DisposeAsync().AsTask().Wait();

    private void Restart()
    {
        Console.SetError(new StringWriter(_errors));
        _server?.DisposeAsync().AsTask().Wait();
        _server = XenStoreServer.Listen(new EmbeddedXenStore(), _path);
    }

    private List<(MessageType Type, string Payload)> Exchange(byte[] input)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 10_000, SendTimeout = 10_000 };
        socket.Connect(new UnixDomainSocketEndPoint(_path));
        var replies = new List<(MessageType, string)>();
        var decoder = new MessageDecoder();
        try
        {
            socket.Send(input);
            socket.Shutdown(SocketShutdown.Send);
            for (int count; (count = socket.Receive(decoder.FreeSpace().Span)) > 0;)
            {
                decoder.Received(count);
                while (decoder.TryRead(out var message))
                    replies.Add((message.Type, Encoding.Latin1.GetString(message.Payload)));
            }
        }
        catch (SocketException closed) when (closed.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            // The server has closed the connection, as it does after a payload that is too long.
        }
        return replies;
    }

    private static byte[] Request(MessageType type, string payload, uint transaction = 0)
    {
        var encoder = new MessageEncoder();
        encoder.Add(type, 1, transaction, Bytes(payload));
        return encoder.Pending.ToArray();
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
