using System.Net.Sockets;
using System.Runtime.Versioning;
using Actors.XenStore.Embedded;
using Actors.XenStore.Protocol;
using Actors.XenStore.Server;

namespace Actors.XenStore.Tests.Server;

[SupportedOSPlatform("linux")]
public sealed class SocketFileTests
{
    private string _directory = null!;
    private string _path = null!;

    [SetUp]
    public void Prepare()
    {
        _directory = Directory.CreateTempSubdirectory("xs").FullName;
        _path = Path.Combine(_directory, "socket");
    }

    [TearDown]
    public void Clean() => Directory.Delete(_directory, recursive: true);

    [Test]
    public async Task Only_the_owner_can_connect_and_the_server_removes_its_file()
    {
        await using (Listen())
            Assert.That(File.GetUnixFileMode(_path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));

        Assert.That(File.Exists(_path), Is.False);
    }

    [Test]
    public async Task A_path_on_which_a_server_listens_is_rejected_and_that_server_keeps_working()
    {
        await using var first = Listen();

        Assert.That(Listen, Throws.InstanceOf<XenStoreServerException>().With.Message.Contains("Another server already listens"));
        using var client = new RawClient(_path);
        Assert.That(client.Call(MessageType.Read, "/tool\0"), Is.Empty);
    }

    [Test]
    public async Task A_socket_without_a_server_is_replaced()
    {
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(_path + ".dead"));
            File.Move(_path + ".dead", _path);
        }

        await using var server = Listen();
        using var client = new RawClient(_path);
        Assert.That(client.Call(MessageType.Read, "/tool\0"), Is.Empty);
    }

    [Test]
    public async Task A_file_that_is_not_a_socket_is_left_alone()
    {
        await File.WriteAllTextAsync(_path, "precious");

        Assert.That(Listen, Throws.InstanceOf<XenStoreServerException>().With.Message.Contains("and not a socket"));
        Assert.That(await File.ReadAllTextAsync(_path), Is.EqualTo("precious"));
    }

    [Test]
    public async Task A_file_that_another_process_put_in_place_of_the_socket_is_left_alone()
    {
        var server = Listen();
        File.Delete(_path);
        await File.WriteAllTextAsync(_path, "another's");
        await server.DisposeAsync();

        Assert.That(File.Exists(_path), Is.True);
    }

    [Test]
    public void A_path_of_more_than_107_bytes_is_rejected() =>
        Assert.That(
            () => XenStoreServer.Listen(new EmbeddedXenStore(), "/tmp/" + new string('x', 103)),
            Throws.InstanceOf<XenStoreServerException>().With.Message.Contains("108 bytes"));

    [Test]
    public void The_error_names_a_missing_directory() =>
        Assert.That(
            () => XenStoreServer.Listen(new EmbeddedXenStore(), Path.Combine(_directory, "absent", "socket")),
            Throws.InstanceOf<XenStoreServerException>().With.Message.Contains($"The directory {_directory}/absent"));

    [Test]
    public void A_directory_without_write_permission_is_reported()
    {
        // Not even root can create a socket there.
        const string Forbidden = "/sys/xenstored.socket";

        Assert.That(() => XenStoreServer.Listen(new EmbeddedXenStore(), Forbidden), Throws.InstanceOf<XenStoreServerException>().With.Message.Contains(Forbidden));
    }

    [Test]
    public async Task A_server_can_be_stopped_and_started_again_on_its_path()
    {
        var store = new EmbeddedXenStore();
        for (var i = 0; i < 3; i++)
        {
            await using var server = XenStoreServer.Listen(store, _path);
            using var client = new RawClient(_path);
            Assert.That(client.Call(MessageType.Write, "/a\0v"), Is.EqualTo("OK\0"));
        }
    }

    [Test]
    public async Task A_client_that_connects_before_the_server_serves_waits()
    {
        await using var server = XenStoreServer.Bind(_path);
        Assert.That(Listen, Throws.InstanceOf<XenStoreServerException>().With.Message.Contains("Another server already listens"));
        using var client = new RawClient(_path);
        client.Send(RawClient.Bytes(MessageType.Read, "/a\0"));
        var store = new EmbeddedXenStore();
        await store.Connect(0).WriteTextAsync("/a", "whole");

        server.Serve(store);

        Assert.That(client.Receive()!.Value.Payload, Is.EqualTo("whole"));
        Assert.That(() => server.Serve(store), Throws.InvalidOperationException);
    }

    [Test]
    public async Task A_server_that_never_served_removes_its_socket()
    {
        await XenStoreServer.Bind(_path).DisposeAsync();

        Assert.That(File.Exists(_path), Is.False);
    }

    private XenStoreServer Listen() => XenStoreServer.Listen(new EmbeddedXenStore(), _path);
}
