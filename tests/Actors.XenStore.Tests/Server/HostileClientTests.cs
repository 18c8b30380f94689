using Actors.XenStore.Embedded;
using Actors.XenStore.Protocol;
using Actors.XenStore.Server;

namespace Actors.XenStore.Tests.Server;

/// <summary>Whatever one connection does, the next one is served.</summary>
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
            Assert.That(honest.Call(MessageType.Read, "/tool\0"), Is.Empty, "another connection must be served as ever");
        _hostile.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public void One_that_announces_too_long_a_payload_is_closed_after_what_it_asked_before()
    {
        _hostile.Send([.. RawClient.Bytes(MessageType.Read, "/tool\0"), .. Header(MessageType.Write, 4097)]);

        Assert.That(_hostile.Receive(), Is.EqualTo((MessageType.Read, "")));
        Assert.That(_hostile.Receive(), Is.Null);
    }

    [Test]
    public void One_that_sends_half_a_message_waits_for_itself_alone()
    {
        var request = RawClient.Bytes(MessageType.Read, "/tool\0");
        _hostile.Send(request.AsSpan(0, 20));
        using (var honest = new RawClient(_server.SocketPath))
            Assert.That(honest.Call(MessageType.Read, "/tool\0"), Is.Empty);
        _hostile.Send(request.AsSpan(20));

        Assert.That(_hostile.Receive(), Is.EqualTo((MessageType.Read, "")));
    }

    [Test]
    public void One_that_goes_in_the_middle_of_a_message_and_of_a_transaction_leaves_nothing()
    {
        var id = uint.Parse(_hostile.Call(MessageType.TransactionStart, "\0").TrimEnd('\0'), System.Globalization.CultureInfo.InvariantCulture);
        _hostile.Call(MessageType.Write, "/left\0v", id);
        _hostile.Send(Header(MessageType.Write, 100));
        _hostile.Dispose();

        using var honest = new RawClient(_server.SocketPath);
        Assert.That(honest.Call(MessageType.Read, "/left\0"), Is.EqualTo("ENOENT\0"));
    }

    [Test]
    public void One_that_asks_and_never_reads_is_no_longer_read_from()
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
            // Two answers here mean that the server has been round to every connection in between.
            honest.Call(MessageType.Read, "/tool\0");
            honest.Call(MessageType.Read, "/tool\0");
        }

        Assert.That(sent, Is.LessThan(4 << 20), "about a MiB of answers, and what the kernel keeps of requests");
    }

    [Test]
    public async Task One_that_watches_all_and_never_reads_is_closed_when_too_much_waits_for_it()
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
    public async Task A_reader_that_lags_gets_the_last_event_of_every_node()
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
        Assert.That(seen, Has.Count.EqualTo(1001), "a thousand nodes, and the watch's first");
        Assert.That(events, Is.LessThan(50_000), "equal events that wait are sent once");
    }

    [Test]
    public void A_thousand_that_connect_and_say_nothing_are_borne()
    {
        var silent = Enumerable.Range(0, 1000).Select(_ => new RawClient(_server.SocketPath)).ToArray();
        using (var honest = new RawClient(_server.SocketPath))
            Assert.That(honest.Call(MessageType.Read, "/tool\0"), Is.Empty);
        foreach (var client in silent)
            client.Dispose();
    }

    [Test]
    public void Random_bytes_from_many_connections_hurt_nothing()
    {
        var random = new Random(4711);
        var bytes = new byte[400];
        var deadline = new CancellationTokenSource(Deadline, TimeProvider.System).Token;
        for (var i = 0; i < 2000; i++)
        {
            deadline.ThrowIfCancellationRequested();
            using var client = new RawClient(_server.SocketPath);
            random.NextBytes(bytes);
            // A type and a length that can be, so that what follows is looked at.
            BitConverter.TryWriteBytes(bytes, random.Next(24));
            BitConverter.TryWriteBytes(bytes.AsSpan(8), i % 2 == 0 ? 0 : 1);
            BitConverter.TryWriteBytes(bytes.AsSpan(12), random.Next(300));
            client.Send(bytes);
        }
    }

    private static byte[] Header(MessageType type, int length) =>
        [.. BitConverter.GetBytes((uint)type), 0, 0, 0, 0, 0, 0, 0, 0, .. BitConverter.GetBytes(length)];
}
