using Actors.XenStore.Embedded;
using Actors.XenStore.Protocol;
using Actors.XenStore.Server;

namespace Actors.XenStore.Tests.Server;

public sealed class ControlTests
{
    private const string Ok = "OK\0";
    private const string Invalid = "EINVAL\0";

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
    public void The_quotas_are_printed_as_by_xenstored() => Assert.That(Control("quota"), Is.EqualTo("""
        Quota settings:
        nodes            :     1000 Nodes per domain
        watches          :      128 Watches per domain
        transactions     :       10 Transactions per domain
        outstanding      :       20 Outstanding requests per domain
        transaction-nodes:     1024 Max. number of accessed nodes per transaction
        memory           :  2621440 Total Xenstore memory per domain (error level)
        node-size        :     2048 Max. size of a node
        path-max         :     2048 Max. length of a node path
        permissions      :        5 Max. number of permissions per node

        """ + '\0'));

    [Test]
    public void The_usage_of_a_domain_is_printed_as_by_xenstored() => Assert.That(Control("quota", "0"), Is.EqualTo("""
        Domain 0:
        nodes           :        3
        watches         :        0
        transactions    :        0
        outstanding     :        0
        memory          :      132

        """ + '\0'));

    [TestCase("nodes")]
    [TestCase("watches")]
    [TestCase("transactions")]
    [TestCase("outstanding")]
    [TestCase("transaction-nodes")]
    [TestCase("memory")]
    [TestCase("node-size")]
    [TestCase("path-max")]
    [TestCase("permissions")]
    public void Every_quota_can_be_set(string name)
    {
        Assert.That(Control("quota", "set", name, "77"), Is.EqualTo(Ok));
        Assert.That(Control("quota"), Does.Match($"\n{name} *: +77 "));
    }

    [TestCase("nodes", "0")]
    [TestCase("nodes", "-1")]
    [TestCase("nodes", "x")]
    [TestCase("nodes", "")]
    [TestCase("nodes", "5x")]
    [TestCase("nodes", "99999999999")]
    [TestCase("unknown", "5")]
    public void An_invalid_quota_is_rejected_and_changes_nothing(string name, string value)
    {
        var before = Control("quota");

        Assert.That(Control("quota", "set", name, value), Is.EqualTo(Invalid));
        Assert.That(Control("quota"), Is.EqualTo(before));
    }

    [Test]
    public async Task A_new_quota_applies_immediately()
    {
        await using var guest = await GuestAsync();
        Control("quota", "set", "nodes", "3");
        Control("quota", "set", "path-max", "10");
        Control("quota", "set", "permissions", "1");
        Control("quota", "set", "node-size", "100");
        await guest.WriteTextAsync("a", "");
        await guest.WriteTextAsync("b", "");

        Assert.That(() => guest.WriteTextAsync("c", "").AsTask(), Fails.With(XenStoreError.NoSpace));
        Assert.That(() => guest.WriteTextAsync("a-long-name", "").AsTask(), Fails.With(XenStoreError.Invalid));
        Assert.That(() => guest.WriteAsync("a", new byte[100]).AsTask(), Fails.With(XenStoreError.NoSpace));
        Assert.That(
            () => guest.SetPermissionsAsync("a", new NodePermissions(new NodePermission(7, NodeAccess.None), new NodePermission(0, NodeAccess.Read))).AsTask(),
            Fails.With(XenStoreError.NoSpace));
    }

    [Test]
    public void The_soft_memory_quota_can_be_read_and_set()
    {
        Assert.That(Control("quota-soft"), Is.EqualTo("Quota settings:\nmemory           :  2097152 Total Xenstore memory per domain (warning level)\n\0"));
        Assert.That(Control("quota-soft", "set", "memory", "5"), Is.EqualTo(Ok));
        Assert.That(Control("quota-soft", "set", "nodes", "5"), Is.EqualTo(Invalid));
        Assert.That(Control("quota-soft"), Does.Contain(":        5 "));
    }

    [Test]
    public async Task Rejected_requests_are_logged_while_the_log_is_on()
    {
        var file = Path.Combine(_directory, "log");
        Assert.That(Control("logfile", file), Is.EqualTo(Ok));
        _client.Call(MessageType.Read, "/before\0");
        Assert.That(Control("log", "on"), Is.EqualTo(Ok));
        _client.Call(MessageType.Read, "/absent\u001b[2J\0");
        _client.Call(MessageType.Read, "/tool\0");
        Assert.That(Control("log", "off"), Is.EqualTo(Ok));
        _client.Call(MessageType.Read, "/after\0");

        var lines = await File.ReadAllLinesAsync(file);
        Assert.That(lines, Has.Length.EqualTo(1));
        Assert.That(lines[0], Does.Match("""^[-0-9T:.]+Z connection \d+, request Read "/absent\\u\{1b\}\[2J\\u\{0\}": EINVAL$"""));
        Assert.That(File.GetUnixFileMode(file) & (UnixFileMode)0b111_111_111, Is.EqualTo((UnixFileMode)0b110_100_000));
    }

    [Test]
    public async Task A_memory_report_is_written_to_a_file()
    {
        await using var guest = await GuestAsync();
        var file = Path.Combine(_directory, "report");

        Assert.That(Control("memreport", file), Is.EqualTo(Ok));
        Assert.That(await File.ReadAllTextAsync(file), Does.Contain("domain 7: 1 nodes, 0 watches, 0 transactions, 1 connections, 47 bytes"));
    }

    [Test]
    public void A_log_file_must_be_a_regular_file()
    {
        File.CreateSymbolicLink(Path.Combine(_directory, "link"), Path.Combine(_directory, "target"));
        foreach (var path in new[] { "/dev/null", _directory, Path.Combine(_directory, "link"), _server.SocketPath, Path.Combine(_directory, "nowhere", "log"), "" })
        {
            Assert.That(Control("logfile", path), Is.EqualTo(Invalid), path);
            Assert.That(Control("memreport", path), Is.EqualTo(Invalid), path);
        }
        Assert.That(File.Exists(Path.Combine(_directory, "target")), Is.False);
    }

    [TestCase("live-update")]
    [TestCase("log")]
    [TestCase("log", "maybe")]
    [TestCase("help", "me")]
    [TestCase("check", "this")]
    [TestCase("print")]
    [TestCase("quota", "set", "nodes")]
    [TestCase("quota", "set", "nodes", "5", "6")]
    [TestCase("")]
    public void An_unknown_or_malformed_command_is_rejected(params string[] command) => Assert.That(Control(command), Is.EqualTo(Invalid));

    private string Control(params string[] command) => _client.Call(MessageType.Control, string.Concat(command.Select(part => part + "\0")));

    private async Task<IXenStore> GuestAsync()
    {
        await using var dom0 = _store.Connect(0);
        await dom0.IntroduceAsync(7, 1, 1);
        await dom0.MakeDirectoryAsync("/local/domain/7");
        await dom0.SetPermissionsAsync("/local/domain/7", new NodePermissions(new NodePermission(7, NodeAccess.None)));
        return _store.Connect(7);
    }
}
