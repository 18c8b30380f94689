using System.Net.Sockets;
using Actors.Cli.Control;
using Actors.XenStore;
using Actors.XenStore.Embedded;

namespace Actors.Host.Tests.Control;

/// <summary>Whether the daemon that is published in xenstore is running.</summary>
internal sealed class PublishedHostTests
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"actors-{Guid.NewGuid():N}");
    private IXenStore _store = null!;

    [SetUp]
    public async Task PublishAsync()
    {
        _store = new EmbeddedXenStore().Connect(0);
        await _store.WriteTextAsync("/tool/actors/pid", "1234");
        await _store.WriteTextAsync("/tool/actors/control", _path);
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await _store.DisposeAsync();
        File.Delete(_path);
    }

    [Test]
    public async Task A_daemon_runs_while_its_socket_accepts_connections()
    {
        using var socket = Bind();
        socket.Listen();

        Assert.That((await PublishedHost.ReadAsync(_store, default)).Running);
    }

    [Test]
    public async Task A_killed_daemon_does_not_run_although_its_keys_and_its_socket_still_exist()
    {
        using var socket = Bind();

        Assert.That((await PublishedHost.ReadAsync(_store, default)).Running, Is.False);
    }

    [Test]
    public async Task A_daemon_without_its_socket_does_not_run() =>
        Assert.That((await PublishedHost.ReadAsync(_store, default)).Running, Is.False);

    private Socket Bind()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_path));
        return socket;
    }
}
