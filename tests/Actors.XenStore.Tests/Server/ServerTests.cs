using System.Globalization;
using Actors.XenStore.Embedded;
using Actors.XenStore.Protocol;
using Actors.XenStore.Server;

namespace Actors.XenStore.Tests.Server;

public sealed class ServerTests
{
    private const string Ok = "OK\0";

    private string _directory = null!;
    private EmbeddedXenStore _store = null!;
    private XenStoreServer _server = null!;
    private RawClient _client = null!;

    [SetUp]
    public void Open()
    {
        _directory = Directory.CreateTempSubdirectory("xs").FullName;
        _store = new EmbeddedXenStore();
        _server = XenStoreServer.Listen(_store, Path.Combine(_directory, "socket"));
        _client = new RawClient(_server.SocketPath);
    }

    [TearDown]
    public async Task Close()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public void Nodes_are_written_read_listed_and_removed()
    {
        Assert.That(_client.Call(MessageType.Write, "/a/b\0v\0w"), Is.EqualTo(Ok));
        Assert.That(_client.Call(MessageType.Read, "/a/b\0"), Is.EqualTo("v\0w"));
        Assert.That(_client.Call(MessageType.MakeDirectory, "/a/c\0"), Is.EqualTo(Ok));
        Assert.That(_client.Call(MessageType.Directory, "/a\0"), Is.EqualTo("b\0c\0"));
        Assert.That(_client.Call(MessageType.Remove, "/a\0"), Is.EqualTo(Ok));
        Assert.That(_client.Call(MessageType.Read, "/a/b\0"), Is.EqualTo("ENOENT\0"));
    }

    [Test]
    public void A_relative_path_starts_at_the_home_of_dom0()
    {
        _client.Call(MessageType.Write, "name\0Domain-0");

        Assert.That(_client.Call(MessageType.Read, "/local/domain/0/name\0"), Is.EqualTo("Domain-0"));
    }

    [Test]
    public void Permissions_are_written_and_read_back()
    {
        _client.Call(MessageType.Introduce, "7\01\01\0");

        Assert.That(_client.Call(MessageType.SetPermissions, "/tool\0n0\0r7\0"), Is.EqualTo(Ok));
        Assert.That(_client.Call(MessageType.GetPermissions, "/tool\0"), Is.EqualTo("n0\0r7\0"));
        Assert.That(_client.Call(MessageType.SetPermissions, "/tool\0n99\0"), Is.EqualTo("ENOENT\0"));
        Assert.That(_client.Call(MessageType.SetPermissions, "/tool\0x0\0"), Is.EqualTo("EINVAL\0"));
        Assert.That(_client.Call(MessageType.SetPermissions, "/tool\0"), Is.EqualTo("EINVAL\0"));
    }

    [TestCase(20u)]
    [TestCase(23u)]
    [TestCase(0xffffu)]
    [TestCase(15u)]
    [TestCase(16u)]
    public void An_unknown_request_type_is_rejected_and_the_connection_stays_usable(uint type)
    {
        Assert.That(_client.Call((MessageType)type, "/\0"), Is.EqualTo("ENOSYS\0"));
        Assert.That(_client.Call(MessageType.Read, "/tool\0"), Is.Empty);
    }

    [TestCase("")]
    [TestCase("/tool")]
    [TestCase("/tool\0\0")]
    [TestCase("/tool\0x\0")]
    [TestCase("\0")]
    [TestCase("/tool/\0")]
    [TestCase("/to\u00e4l\0")]
    public void A_read_with_anything_but_one_valid_path_is_rejected(string payload) =>
        Assert.That(_client.Call(MessageType.Read, payload), Is.EqualTo("EINVAL\0"));

    [Test]
    public void A_transaction_begins_is_used_and_ends()
    {
        var id = uint.Parse(_client.Call(MessageType.TransactionStart, "\0").TrimEnd('\0'), CultureInfo.InvariantCulture);

        Assert.That(_client.Call(MessageType.Write, "/a\0v", id), Is.EqualTo(Ok));
        Assert.That(_client.Call(MessageType.TransactionStart, "\0", id), Is.EqualTo("EBUSY\0"));
        Assert.That(_client.Call(MessageType.TransactionEnd, "X\0", id), Is.EqualTo("EINVAL\0"));
        Assert.That(_client.Call(MessageType.Read, "/a\0"), Is.EqualTo("ENOENT\0"));
        Assert.That(_client.Call(MessageType.TransactionEnd, "T\0", id), Is.EqualTo(Ok));
        Assert.That(_client.Call(MessageType.Read, "/a\0"), Is.EqualTo("v"));
        Assert.That(_client.Call(MessageType.TransactionEnd, "T\0", id), Is.EqualTo("ENOENT\0"));
        Assert.That(_client.Call(MessageType.Read, "/a\0", 99), Is.EqualTo("ENOENT\0"));
    }

    [Test]
    public void A_transaction_with_a_conflict_fails_with_EAGAIN()
    {
        var id = uint.Parse(_client.Call(MessageType.TransactionStart, "\0").TrimEnd('\0'), CultureInfo.InvariantCulture);
        _client.Call(MessageType.Read, "/tool\0", id);
        using var other = new RawClient(_server.SocketPath);
        other.Call(MessageType.Write, "/tool\0");

        Assert.That(_client.Call(MessageType.TransactionEnd, "T\0", id), Is.EqualTo("EAGAIN\0"));
    }

    [Test]
    public void A_new_watch_is_confirmed_and_then_fires()
    {
        _client.Send(MessageType.Watch, "/a\0t\0");

        Assert.That(_client.Receive(), Is.EqualTo((MessageType.Watch, Ok)));
        Assert.That(_client.Receive(), Is.EqualTo((MessageType.WatchEvent, "/a\0t\0")));
    }

    [Test]
    public void The_event_of_a_connections_own_write_arrives_before_the_reply()
    {
        Watch("/a\0t\0");
        _client.Send(MessageType.Write, "/a/b\0v");

        Assert.That(_client.Receive(), Is.EqualTo((MessageType.WatchEvent, "/a/b\0t\0")));
        Assert.That(_client.Receive(), Is.EqualTo((MessageType.Write, Ok)));
    }

    [Test]
    public void The_events_of_a_commit_arrive_before_its_reply()
    {
        Watch("/a\0t\0");
        var id = uint.Parse(_client.Call(MessageType.TransactionStart, "\0").TrimEnd('\0'), CultureInfo.InvariantCulture);
        _client.Call(MessageType.Write, "/a\0v", id);
        _client.Send(MessageType.TransactionEnd, "T\0", id);

        Assert.That(_client.Receive(), Is.EqualTo((MessageType.WatchEvent, "/a\0t\0")));
        Assert.That(_client.Receive(), Is.EqualTo((MessageType.TransactionEnd, Ok)));
    }

    [Test]
    public async Task A_change_made_within_the_process_reaches_a_client_on_the_socket()
    {
        Watch("/a\0t\0");
        await using var inProcess = _store.Connect(0);
        await inProcess.WriteTextAsync("/a", "v");

        Assert.That(_client.Receive(), Is.EqualTo((MessageType.WatchEvent, "/a\0t\0")));
        Assert.That(_client.Call(MessageType.Read, "/a\0"), Is.EqualTo("v"));
    }

    [Test]
    public void A_token_of_any_bytes_comes_back_unchanged()
    {
        Watch("/a\0\u00ff\u0080x\0");
        using var other = new RawClient(_server.SocketPath);
        other.Call(MessageType.Write, "/a\0v");

        Assert.That(_client.Receive(), Is.EqualTo((MessageType.WatchEvent, "/a\0\u00ff\u0080x\0")));
    }

    [Test]
    public void Watches_are_rejected_and_removed_as_in_the_protocol()
    {
        Watch("/a\0t\0");

        Assert.That(_client.Call(MessageType.Watch, "/a\0t\0"), Is.EqualTo("EEXIST\0"));
        Assert.That(_client.Call(MessageType.Watch, "/a\0"), Is.EqualTo("EINVAL\0"));
        Assert.That(_client.Call(MessageType.Unwatch, "/a\0u\0"), Is.EqualTo("ENOENT\0"));
        Assert.That(_client.Call(MessageType.Unwatch, "/a\0t\0"), Is.EqualTo(Ok));
        Assert.That(_client.Call(MessageType.Write, "/a\0v"), Is.EqualTo(Ok), "no event arrives before it");
    }

    [Test]
    public void A_reset_removes_watches_and_aborts_transactions()
    {
        Watch("/a\0t\0");
        var id = uint.Parse(_client.Call(MessageType.TransactionStart, "\0").TrimEnd('\0'), CultureInfo.InvariantCulture);

        Assert.That(_client.Call(MessageType.ResetWatches, "\0"), Is.EqualTo(Ok));
        Assert.That(_client.Call(MessageType.Write, "/a\0v"), Is.EqualTo(Ok));
        Assert.That(_client.Call(MessageType.TransactionEnd, "F\0", id), Is.EqualTo("ENOENT\0"));
    }

    [Test]
    public void A_directory_that_does_not_fit_in_one_message_is_sent_in_parts()
    {
        for (var i = 0; i < 1000; i++)
            _client.Call(MessageType.MakeDirectory, $"/d/child{i}\0");
        Assert.That(_client.Call(MessageType.Directory, "/d\0"), Is.EqualTo("E2BIG\0"));

        var (names, generation, parts) = ("", "", 0);
        while (!names.EndsWith("\0\0", StringComparison.Ordinal))
        {
            var part = _client.Call(MessageType.DirectoryPart, $"/d\0{names.Length}\0");
            Assert.That(part, Has.Length.AtMost(4096));
            generation = part[..(part.IndexOf('\0') + 1)];
            names += part[generation.Length..];
            parts++;
        }

        Assert.That(names.TrimEnd('\0').Split('\0'), Is.EqualTo(Enumerable.Range(0, 1000).Select(i => $"child{i}")));
        Assert.That(parts, Is.EqualTo(3));
        _client.Call(MessageType.Write, "/d/child0\0v");
        Assert.That(_client.Call(MessageType.DirectoryPart, "/d\099999\0"), Is.EqualTo(generation + "\0"));
        _client.Call(MessageType.MakeDirectory, "/d/another\0");
        Assert.That(_client.Call(MessageType.DirectoryPart, "/d\099999\0"), Is.Not.EqualTo(generation + "\0"));
    }

    [Test]
    public void Domains_are_introduced_resumed_and_released()
    {
        Assert.That(_client.Call(MessageType.IsDomainIntroduced, "7\0"), Is.EqualTo("F\0"));
        Assert.That(_client.Call(MessageType.Introduce, "7\0123\05\0"), Is.EqualTo(Ok));
        Assert.That(_client.Call(MessageType.IsDomainIntroduced, "7\0"), Is.EqualTo("T\0"));
        Assert.That(_client.Call(MessageType.GetDomainPath, "7\0"), Is.EqualTo("/local/domain/7\0"));
        Assert.That(_client.Call(MessageType.Introduce, "8\0123\06\0"), Is.EqualTo(Ok));
        Assert.That(_client.Call(MessageType.SetTarget, "7\08\0"), Is.EqualTo(Ok));
        Assert.That(_client.Call(MessageType.SetTarget, "7\09\0"), Is.EqualTo("ENOENT\0"));
        Assert.That(_client.Call(MessageType.Resume, "7\0"), Is.EqualTo(Ok));
        Assert.That(_client.Call(MessageType.Release, "7\0"), Is.EqualTo(Ok));
        Assert.That(_client.Call(MessageType.Release, "7\0"), Is.EqualTo("ENOENT\0"));
        Assert.That(_client.Call(MessageType.Release, "0\0"), Is.EqualTo("EINVAL\0"));
        Assert.That(_client.Call(MessageType.Introduce, "7\0123\00\0"), Is.EqualTo("EINVAL\0"));
        Assert.That(_client.Call(MessageType.Introduce, "7\0"), Is.EqualTo("EINVAL\0"));
    }

    [Test]
    public void The_control_commands_of_xenstored_work()
    {
        Assert.That(_client.Call(MessageType.Control, "help\0"), Does.Contain("quota").And.EndsWith("\0"));
        Assert.That(_client.Call(MessageType.Control, "check\0"), Is.EqualTo(Ok));
        Assert.That(_client.Call(MessageType.Control, "quota\0"), Does.Contain("watches          :      128"));
        Assert.That(_client.Call(MessageType.Control, "quota\00\0"), Does.Contain("nodes           :        3"));
        Assert.That(_client.Call(MessageType.Control, "quota\099\0"), Is.EqualTo("ENOENT\0"));
        Assert.That(_client.Call(MessageType.Control, "dance\0"), Is.EqualTo("EINVAL\0"));
    }

    [Test]
    public void Replies_have_the_order_of_the_requests()
    {
        var requests = new List<byte>();
        for (var i = 0u; i < 2000; i++)
            requests.AddRange(RawClient.Bytes(i % 2 == 0 ? MessageType.Write : MessageType.Read, i % 2 == 0 ? $"/a\0{i}" : "/a\0", i));
        _client.Send(requests.ToArray());

        for (var i = 0; i < 2000; i++)
            Assert.That(_client.Receive()!.Value.Payload, Is.EqualTo(i % 2 == 0 ? Ok : $"{i - 1}"));
    }

    private void Watch(string payload)
    {
        Assert.That(_client.Call(MessageType.Watch, payload), Is.EqualTo(Ok));
        Assert.That(_client.Receive(), Is.EqualTo((MessageType.WatchEvent, payload)));
    }
}
