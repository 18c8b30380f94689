using Actors.XenStore.Protocol;

namespace Actors.XenStore.Tests.Client;

public sealed class MalformedReplyTests
{
    private FakeDaemon _daemon = null!;
    private XenStoreClient _client = null!;
    private FakePeer _peer = null!;

    [SetUp]
    public async Task ConnectAsync()
    {
        _daemon = new FakeDaemon();
        (_client, _peer) = await _daemon.ConnectAsync();
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await _client.DisposeAsync();
        _peer.Dispose();
        await _daemon.DisposeAsync();
    }

    [TestCase("")]
    [TestCase("n0")]
    [TestCase("x0|")]
    [TestCase("n0|r|")]
    [TestCase("n+1|")]
    [TestCase("n-0|")]
    [TestCase("n99999999999|")]
    public Task Malformed_permissions_are_a_protocol_error_with_the_path(string reply) =>
        AssertAsync(() => _client.GetPermissionsAsync("/a/b").AsTask(), reply, "GET_PERMS /a/b");

    [TestCase("a|b")]
    [TestCase("a")]
    public Task A_malformed_list_is_a_protocol_error_with_the_path(string reply) =>
        AssertAsync(() => _client.ListAsync("/a/b").AsTask(), reply, "DIRECTORY /a/b");

    [TestCase("")]
    [TestCase("5")]
    [TestCase("|")]
    [TestCase("x|")]
    [TestCase("-1|")]
    [TestCase("5x|")]
    [TestCase("99999999999|")]
    public Task A_malformed_transaction_id_is_a_protocol_error(string reply) =>
        AssertAsync(() => _client.BeginTransactionAsync().AsTask(), reply, "TRANSACTION_START");

    [TestCase("")]
    [TestCase("X|")]
    [TestCase("T")]
    public Task A_malformed_truth_value_is_a_protocol_error(string reply) =>
        AssertAsync(() => _client.IsDomainIntroducedAsync(7).AsTask(), reply, "IS_DOMAIN_INTRODUCED 7");

    [TestCase("")]
    [TestCase("|")]
    [TestCase("ENOENT")]
    [TestCase("no such node|")]
    [TestCase("EN\u001bENT|")]
    public async Task A_malformed_error_is_a_protocol_error_with_the_path(string name)
    {
        var read = _client.ReadAsync("/a/b").AsTask();
        var request = await _peer.NextAsync();
        _peer.Send(FakePeer.Bytes(MessageType.Error, name, request.Id, 0));

        var failure = (await Assert.CatchAsync<XenStoreProtocolException>(() => read))!;
        Assert.That(failure.Message, Does.StartWith("xenstore: READ /a/b: "));
        await AssertUsableAsync();
    }

    [Test]
    public async Task A_reply_of_another_type_is_a_protocol_error_with_the_path_and_ends_the_connection()
    {
        var read = _client.ReadAsync("/a/b").AsTask();
        var request = await _peer.NextAsync();
        _peer.Send(FakePeer.Bytes(MessageType.Write, "OK|", request.Id, 0));

        var failure = (await Assert.CatchAsync<XenStoreProtocolException>(() => read))!;
        Assert.That(failure.Request, Is.EqualTo("READ /a/b"));
        Assert.That(await _peer.HasDisconnectedAsync());
    }

    [Test]
    public async Task A_long_path_is_shortened_and_escaped_in_an_error()
    {
        var path = "/" + new string('x', 2000) + "\u001b[2J";
        var read = _client.ReadAsync(path).AsTask();
        _peer.Refuse(await _peer.NextAsync(), "EINVAL");

        var failure = (await Assert.CatchAsync<XenStoreException>(() => read))!;
        Assert.That(failure.Message, Has.Length.LessThan(300).And.Contains("2005 characters").And.Not.Contains("\u001b"));
    }

    [Test]
    public async Task The_listing_of_a_node_that_never_stops_changing_ends_with_an_error()
    {
        var list = _client.ListAsync("/a/b").AsTask();
        _peer.Refuse(await _peer.NextAsync(), "E2BIG");
        for (var generation = 0; generation < 42; generation++)
            await _peer.AnswerAsync($"{generation}|child|");

        var failure = (await Assert.CatchAsync<XenStoreException>(() => list))!;
        Assert.That(failure.Error, Is.EqualTo(XenStoreError.TryAgain));
        Assert.That(failure.Message, Does.Contain("/a/b").And.Contains("changed"));
    }

    private async Task AssertAsync(Func<Task> request, string reply, string description)
    {
        var running = request();
        await _peer.AnswerAsync(reply);

        var failure = (await Assert.CatchAsync<XenStoreProtocolException>(() => running))!;
        Assert.That(failure.Request, Is.EqualTo(description));
        await AssertUsableAsync();
    }

    private async Task AssertUsableAsync()
    {
        var read = _client.ReadTextAsync("/c").AsTask();
        await _peer.AnswerAsync("1");
        Assert.That(await read, Is.EqualTo("1"));
    }
}
