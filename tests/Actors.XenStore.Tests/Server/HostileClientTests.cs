using Actors.XenStore.Embedded;
using Actors.XenStore.Protocol;
using Actors.XenStore.Server;

namespace Actors.XenStore.Tests.Server;

/// <summary>Checks that no behaviour of one connection affects the others.</summary>
public sealed class HostileClientTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private string _directory = null!;
    private EmbeddedXenStore _store = null!;
    private XenStoreServer _server = null!;
    private RawClient _hostile = null!;

    [SetUp]
    public void Open()
    {
        _directory = Directory.CreateTempSubdirectory("xs").FullName;
        _store = new EmbeddedXenStore();
        _server = XenStoreServer.Listen(_store, Path.Combine(_directory, "socket"));
        _hostile = new RawClient(_server.SocketPath);
    }

    [TearDown]
    public async Task Close()
    {
        using (var honest = new RawClient(_server.SocketPath))
            Assert.That(honest.Call(MessageType.Read, "/tool\0"), Is.Empty, "another connection must still be served");
        _hostile.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public void A_client_that_announces_a_too_long_payload_is_closed_after_its_earlier_requests()
    {
        _hostile.Send([.. RawClient.Bytes(MessageType.Read, "/tool\0"), .. Header(MessageType.Write, 4097)]);

        Assert.That(_hostile.Receive(), Is.EqualTo((MessageType.Read, "")));
        Assert.That(_hostile.Receive(), Is.Null);
    }

    [Test]
    public void A_client_that_sends_half_a_message_delays_no_other_client()
    {
        var request = RawClient.Bytes(MessageType.Read, "/tool\0");
        _hostile.Send(request.AsSpan(0, 20));
        using (var honest = new RawClient(_server.SocketPath))
            Assert.That(honest.Call(MessageType.Read, "/tool\0"), Is.Empty);
        _hostile.Send(request.AsSpan(20));

        Assert.That(_hostile.Receive(), Is.EqualTo((MessageType.Read, "")));
    }

    [Test]
    public void A_client_that_disconnects_within_a_message_and_a_transaction_leaves_nothing_behind()
    {
        var id = uint.Parse(_hostile.Call(MessageType.TransactionStart, "\0").TrimEnd('\0'), System.Globalization.CultureInfo.InvariantCulture);
        _hostile.Call(MessageType.Write, "/left\0v", id);
        _hostile.Send(Header(MessageType.Write, 100));
        _hostile.Dispose();

        using var honest = new RawClient(_server.SocketPath);
        Assert.That(honest.Call(MessageType.Read, "/left\0"), Is.EqualTo("ENOENT\0"));
    }

    [Test]
    public void The_server_stops_reading_from_a_client_that_never_reads_its_replies()
    {
        _hostile.Call(MessageType.Write, "/big\0" + new string('x', 4000));
        var flood = Enumerable.Repeat(RawClient.Bytes(MessageType.Read, "/big\0"), 1000).SelectMany(bytes => bytes).ToArray();
        using var honest = new RawClient(_server.SocketPath);
        var (sent, stuck) = (0L, 0);
        while (stuck < 100 && sent < 1L << 28)
        {
            var some = _hostile.SendSome(flood);
            sent += some;
            stuck = some == 0 ? stuck + 1 : 0;
            // After two replies here the server has visited every connection in between.
            honest.Call(MessageType.Read, "/tool\0");
            honest.Call(MessageType.Read, "/tool\0");
        }

        Assert.That(sent, Is.LessThan(4 << 20), "about a MiB of replies and the requests in the kernel's buffer");
    }

    [Test]
    public async Task A_client_that_watches_everything_and_never_reads_is_closed_eventually()
    {
        Assert.That(_hostile.Call(MessageType.Watch, "/\0" + new string('t', 1500) + "\0"), Is.EqualTo("OK\0"));
        await using var inProcess = _store.Connect(0);
        for (var i = 0; i < 20_000; i++)
            await inProcess.WriteTextAsync($"/n{i % 100}/n{i}", "v");

        var received = 0L;
        while (_hostile.Receive() is { } message)
            received += message.Payload.Length;
        Assert.That(received, Is.LessThan(18L << 20));
    }

    [Test]
    public async Task A_slow_reader_gets_the_last_event_of_every_node()
    {
        Assert.That(_hostile.Call(MessageType.Watch, "/\0t\0"), Is.EqualTo("OK\0"));
        await using var inProcess = _store.Connect(0);
        for (var round = 0; round < 50; round++)
            for (var i = 0; i < 1000; i++)
                await inProcess.WriteTextAsync($"/n{i}", $"{round}");
        await inProcess.WriteTextAsync("/end", "");

        var (events, seen) = (0, new HashSet<string>());
        for (var message = _hostile.Receive(); message!.Value.Payload != "/end\0t\0"; message = _hostile.Receive())
        {
            events++;
            seen.Add(message.Value.Payload);
        }
        Assert.That(seen, Has.Count.EqualTo(1001), "a thousand nodes and the first event of the watch");
        Assert.That(events, Is.LessThan(50_000), "equal queued events are sent once");
    }

    [Test]
    public void A_thousand_silent_clients_do_not_disturb_another_one()
    {
        var silent = Enumerable.Range(0, 1000).Select(_ => new RawClient(_server.SocketPath)).ToArray();
        using (var honest = new RawClient(_server.SocketPath))
            Assert.That(honest.Call(MessageType.Read, "/tool\0"), Is.Empty);
        foreach (var client in silent)
            client.Dispose();
    }

    [Test]
    public void Random_bytes_from_many_connections_do_not_disturb_another_client()
    {
        var random = new Random(4711);
        var bytes = new byte[400];
        var deadline = new CancellationTokenSource(Deadline, TimeProvider.System).Token;
        for (var i = 0; i < 2000; i++)
        {
            deadline.ThrowIfCancellationRequested();
            using var client = new RawClient(_server.SocketPath);
            random.NextBytes(bytes);
            // A plausible type and length, so that the server reads the payload.
            BitConverter.TryWriteBytes(bytes, random.Next(24));
            BitConverter.TryWriteBytes(bytes.AsSpan(8), i % 2 == 0 ? 0 : 1);
            BitConverter.TryWriteBytes(bytes.AsSpan(12), random.Next(300));
            client.Send(bytes);
        }
    }

    private static byte[] Header(MessageType type, int length) =>
        [.. BitConverter.GetBytes((uint)type), 0, 0, 0, 0, 0, 0, 0, 0, .. BitConverter.GetBytes(length)];
}
