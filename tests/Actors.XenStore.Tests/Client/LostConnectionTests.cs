using Actors.XenStore.Protocol;

namespace Actors.XenStore.Tests.Client;

public sealed class LostConnectionTests
{
    private FakeTime _time = null!;
    private FakeDaemon _daemon = null!;
    private XenStoreClient _client = null!;
    private FakePeer _peer = null!;

    [SetUp]
    public async Task ConnectAsync()
    {
        _time = new FakeTime();
        _daemon = new FakeDaemon();
        (_client, _peer) = await _daemon.ConnectAsync(new XenStoreClientOptions { TimeProvider = _time });
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await _client.DisposeAsync();
        _peer.Dispose();
        await _daemon.DisposeAsync();
    }

    [Test]
    public async Task A_request_that_was_sent_may_have_been_executed()
    {
        var write = _client.WriteTextAsync("/a", "1").AsTask();
        await _peer.NextAsync();
        _peer.Dispose();

        Assert.That(await FateAsync(write), Is.EqualTo(RequestFate.Unknown));
    }

    [Test]
    public async Task A_request_that_was_held_in_a_batch_was_not_sent()
    {
        var lost = LostAsync();
        Task write;
        var batch = _client.Batch();
        write = _client.WriteTextAsync("/a", "1").AsTask();
        _peer.Dispose();
        await lost;
        batch.Dispose();

        Assert.That(await FateAsync(write), Is.EqualTo(RequestFate.NotSent));
    }

    [Test]
    public async Task A_write_in_a_lost_transaction_was_not_executed_but_a_commit_may_have_been()
    {
        var begin = _client.BeginTransactionAsync().AsTask();
        await _peer.AnswerAsync("5|");
        var transaction = await begin;
        var write = transaction.WriteTextAsync("/a", "1").AsTask();
        var commit = transaction.CommitAsync().AsTask();
        await _peer.NextAsync();
        await _peer.NextAsync();
        _peer.Dispose();

        Assert.That((await FateAsync(write), await FateAsync(commit)), Is.EqualTo((RequestFate.NotSent, RequestFate.Unknown)));
    }

    [Test]
    public async Task The_client_disconnects_from_a_daemon_that_replies_to_no_request()
    {
        var read = _client.ReadAsync("/a").AsTask();
        await _peer.NextAsync();
        _peer.Send(FakePeer.Bytes(MessageType.Read, "garbage", 4711, 0));

        Assert.That(await FateAsync(read), Is.EqualTo(RequestFate.Unknown));
        Assert.That(await _peer.HasDisconnectedAsync());
    }

    [Test]
    public async Task A_request_made_while_disconnected_is_sent_on_the_next_connection()
    {
        var lost = LostAsync();
        _peer.Dispose();
        await lost;
        using var next = await _daemon.AcceptAsync();
        var read = _client.ReadTextAsync("/a").AsTask();
        await next.AnswerAsync("1");

        Assert.That(await read, Is.EqualTo("1"));
    }

    [Test]
    public async Task A_request_that_waited_too_long_for_a_connection_was_not_sent()
    {
        var lost = LostAsync();
        _daemon.StopListening();
        _peer.Dispose();
        await lost;
        var read = _client.ReadAsync("/a").AsTask();
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(await FateAsync(read), Is.EqualTo(RequestFate.NotSent));
    }

    [Test]
    public async Task The_pauses_between_attempts_double_up_to_a_second()
    {
        _daemon.StopListening();
        _peer.Dispose();

        foreach (var milliseconds in (int[])[10, 20, 40, 80, 160, 320, 640, 1000, 1000])
        {
            await _time.WaitForTimerAsync(TimeSpan.FromMilliseconds(milliseconds));
            Assert.That(_client.ConnectionState, Is.EqualTo(XenStoreConnectionState.Reconnecting));
            _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        }
    }

    [Test]
    public async Task Every_watch_is_registered_again_before_any_other_request()
    {
        await using var queue = _client.OpenWatchQueue();
        var add = queue.AddAsync("/a", "token").AsTask();
        var watch = await _peer.AnswerAsync("OK|");
        await add;
        var lost = LostAsync();
        _peer.Dispose();
        await lost;
        var read = _client.ReadTextAsync("/b").AsTask();
        using var next = await _daemon.AcceptAsync();

        Assert.That((await next.AnswerAsync("OK|")).Payload, Is.EqualTo(watch.Payload));
        next.Fire("/a", watch.Payload.Split('|')[1]);
        Assert.That((await next.AnswerAsync("1")).Type, Is.EqualTo(MessageType.Read));
        Assert.That(await read, Is.EqualTo("1"));
        Assert.That(await queue.NextAsync(), Is.EqualTo(new WatchEvent("/a", "token")));
    }

    [Test]
    public async Task Disposing_the_client_fails_requests_in_flight_and_later_requests()
    {
        var read = _client.ReadAsync("/a").AsTask();
        await _peer.NextAsync();
        await _client.DisposeAsync();

        Assert.That(await FateAsync(read), Is.EqualTo(RequestFate.Unknown));
        Assert.That(async () => await _client.ReadAsync("/a"), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task A_handler_of_the_connection_event_can_dispose_the_client_and_block_on_it()
    {
        var disposed = new TaskCompletionSource();
        _client.ConnectionChanged += (_, change) =>
        {
            if (change.State != XenStoreConnectionState.Reconnecting)
                return;
#pragma warning disable CA1849 // This test is about a handler that blocks.
            _client.DisposeAsync().AsTask().Wait(FakePeer.Deadline);
#pragma warning restore CA1849
            disposed.TrySetResult();
        };
        _daemon.StopListening();
        _peer.Dispose();

        await disposed.Task.WaitAsync(FakePeer.Deadline, TimeProvider.System);
        Assert.That(_client.ConnectionState, Is.EqualTo(XenStoreConnectionState.Closed));
    }

    [Test]
    public async Task A_listener_that_throws_does_not_stop_the_reconnecting()
    {
        _client.ConnectionChanged += (_, _) => throw new InvalidOperationException();
        _peer.Dispose();
        using var next = await _daemon.AcceptAsync();
        var read = _client.ReadTextAsync("/a").AsTask();
        await next.AnswerAsync("1");

        Assert.That(await read, Is.EqualTo("1"));
    }

    [Test]
    public async Task The_error_for_a_missing_socket_names_it_and_says_what_to_do()
    {
        Assert.That(
            async () => await XenStoreClient.ConnectAsync(XenStoreEndpoint.Socket("/nowhere/socket")),
            Throws.InstanceOf<XenStoreConnectionException>().With.Message.Contains("/nowhere/socket").And.Message.Contains("XENSTORED_PATH"));
        await Task.CompletedTask;
    }

    private Task LostAsync()
    {
        var lost = new TaskCompletionSource();
        _client.ConnectionChanged += (_, _) => lost.TrySetResult();
        return lost.Task.WaitAsync(FakePeer.Deadline, TimeProvider.System);
    }

    private static async Task<RequestFate> FateAsync(Task request)
    {
        try
        {
            await request.WaitAsync(FakePeer.Deadline, TimeProvider.System);
        }
        catch (XenStoreConnectionException lost)
        {
            return lost.Fate;
        }
        throw new AssertionException("The request must fail.");
    }
}
