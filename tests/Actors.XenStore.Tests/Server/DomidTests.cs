using Actors.XenStore.Embedded;
using Actors.XenStore.Protocol;
using Actors.XenStore.Server;

namespace Actors.XenStore.Tests.Server;

/// <summary>A text that is not a domid is rejected in every request that has one. In C xenstored most of these texts mean another domain.</summary>
public sealed class DomidTests
{
    private static readonly string[] NoDomids =
    [
        "", " ", "-1", "-0", "+3", " 3", "3 ", "\t3", "3x", "x", "0x3", "3.0", "3,4", "1e1", "\u00b3", "65536", "4294967296", "4294967299",
        "99999999999", "18446744073709551616", "18446744073709551619", "-99999999999",
    ];

    private string _directory = null!;
    private EmbeddedXenStore _store = null!;
    private XenStoreServer _server = null!;
    private RawClient _client = null!;

    [SetUp]
    public void Open()
    {
        _directory = Directory.CreateTempSubdirectory("xs").FullName;
        _store = new EmbeddedXenStore(domid => domid < 10);
        _server = XenStoreServer.Listen(_store, Path.Combine(_directory, "socket"));
        _client = new RawClient(_server.SocketPath);
        _client.Call(MessageType.Introduce, "3\01\01\0");
        _client.Call(MessageType.Introduce, "4\01\01\0");
    }

    [TearDown]
    public async Task Close()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [TestCaseSource(nameof(NoDomids))]
    public void A_text_that_is_not_a_domid_is_rejected_everywhere(string text)
    {
        foreach (var type in new[] { MessageType.GetDomainPath, MessageType.IsDomainIntroduced, MessageType.Release, MessageType.Resume })
            Assert.That(_client.Call(type, $"{text}\0"), Is.EqualTo("EINVAL\0"), $"{type}");
        Assert.That(_client.Call(MessageType.Introduce, $"{text}\01\01\0"), Is.EqualTo("EINVAL\0"));
        Assert.That(_client.Call(MessageType.SetTarget, $"{text}\04\0"), Is.EqualTo("EINVAL\0"));
        Assert.That(_client.Call(MessageType.SetTarget, $"3\0{text}\0"), Is.EqualTo("EINVAL\0"));
        Assert.That(_client.Call(MessageType.SetPermissions, $"/tool\0n{text}\0"), Is.EqualTo("EINVAL\0"));
        Assert.That(_client.Call(MessageType.SetPermissions, $"/tool\0n0\0r{text}\0"), Is.EqualTo("EINVAL\0"));
        Assert.That(_client.Call(MessageType.Control, $"quota\0{text}\0"), Is.EqualTo("EINVAL\0"));
    }

    [TestCaseSource(nameof(NoDomids))]
    public async Task A_text_that_is_not_a_domid_gives_a_guest_no_rights(string text)
    {
        await using var guest = _store.Connect(3);
        _client.Call(MessageType.SetTarget, $"3\0{text}\0");
        _client.Call(MessageType.SetPermissions, $"/tool\0n0\0b{text}\0");

        Assert.That(() => guest.ReadAsync("/tool").AsTask(), Fails.With(XenStoreError.AccessDenied));
        Assert.That(() => guest.ReadAsync("/").AsTask(), Fails.With(XenStoreError.AccessDenied));
    }

    [Test]
    public void Leading_zeros_are_accepted_as_in_xenstored()
    {
        Assert.That(_client.Call(MessageType.GetDomainPath, "003\0"), Is.EqualTo("/local/domain/3\0"));
        Assert.That(_client.Call(MessageType.IsDomainIntroduced, "03\0"), Is.EqualTo("T\0"));
    }

    [TestCase("-1")]
    [TestCase("x")]
    [TestCase("4294967296")]
    [TestCase("1x")]
    [TestCase("0")]
    public void An_event_channel_that_is_not_a_positive_number_is_rejected(string port) =>
        Assert.That(_client.Call(MessageType.Introduce, $"5\01\0{port}\0"), Is.EqualTo("EINVAL\0"));

    [Test]
    public void The_reply_of_a_release_arrives_before_its_events()
    {
        _client.Call(MessageType.Watch, "@releaseDomain\0t\0");
        _client.Receive();
        _client.Send(MessageType.Release, "3\0");

        Assert.That(_client.Receive(), Is.EqualTo((MessageType.Release, "OK\0")));
        Assert.That(_client.Receive(), Is.EqualTo((MessageType.WatchEvent, "@releaseDomain\0t\0")));
    }
}
