using Actors.XenStore.Protocol;

namespace Actors.XenStore.Tests.Client;

/// <summary>Tests the client with a daemon that hangs: its connections stay open, but it does not reply any more.</summary>
public sealed class ReplyLimitTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private FakeTime _time = null!;
    private FakeDaemon _daemon = null!;
    private XenStoreClient _client = null!;
    private FakePeer _peer = null!;

    [SetUp]
    public async Task ConnectAsync()
    {
        _time = new FakeTime();
        _daemon = new FakeDaemon();
        (_client, _peer) = await _daemon.ConnectAsync(new XenStoreClientOptions { TimeProvider = _time, ReplyLimit = Limit });
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await _client.DisposeAsync().AsTask().WaitAsync(FakePeer.Deadline, TimeProvider.System);
        _peer.Dispose();
        await _daemon.DisposeAsync();
    }

    [Test]
    public async Task A_request_fails_if_the_daemon_falls_silent_after_it_has_replied_to_others()
    {
        await AnswerProbeAsync();
        var read = _client.ReadTextAsync("/a").AsTask();
        await _peer.NextAsync();

        await FallSilentAsync();

        var failure = (await Assert.CatchAsync<XenStoreConnectionException>(() => read))!;
        Assert.That((failure.Message, failure.Fate), Is.EqualTo(
            ("xenstored has not replied for 10 s to READ /a; restart it if it hangs. The request may have been executed.", RequestFate.Unknown)));
    }

    [Test]
    public async Task Silence_is_noticed_while_only_watches_wait_and_the_client_connects_again()
    {
        await using var queue = _client.OpenWatchQueue();
        var add = queue.AddAsync("/a", "t").AsTask();
        await _peer.AnswerAsync("OK|");
        await add;

        await FallSilentAsync();

        using var next = await _daemon.AcceptAsync();
        Assert.That((await next.NextAsync()).Type, Is.EqualTo(MessageType.Watch));
    }

    [Test]
    public async Task A_daemon_that_replies_keeps_its_connection()
    {
        for (var probe = 0; probe < 5; probe++)
            await AnswerProbeAsync();

        var read = _client.ReadTextAsync("/a").AsTask();
        await _peer.AnswerAsync("1");
        Assert.That(await read, Is.EqualTo("1"));
    }

    private async Task AnswerProbeAsync()
    {
        await _time.WaitForTimerAsync(Limit / 2);
        _time.Advance(Limit / 2);
        await _peer.AnswerAsync("/local/domain/0|");
    }

    private async Task FallSilentAsync()
    {
        await _time.WaitForTimerAsync(Limit / 2);
        _time.Advance(Limit / 2);
        Assert.That(await _peer.NextAsync(), Has.Property("Type").EqualTo(MessageType.GetDomainPath).And.Property("Payload").EqualTo("0|"));
        await _time.WaitForTimerAsync(Limit);
        _time.Advance(Limit);
    }
}
