using Actors.XenStore.Client;

namespace Actors.XenStore.Tests.Client;

/// <summary>Tests the client with daemons that behave badly during a reconnection.</summary>
public sealed class ReconnectionTests
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
        await _client.DisposeAsync().AsTask().WaitAsync(FakePeer.Deadline, TimeProvider.System);
        _peer.Dispose();
        await _daemon.DisposeAsync();
    }

    [Test]
    public async Task A_client_can_be_disposed_while_a_daemon_accepts_the_reconnection_and_stays_silent()
    {
        await using var queue = _client.OpenWatchQueue();
        await AddAsync(queue, "/a");
        _peer.Dispose();
        using var silent = await _daemon.AcceptAsync();
        await silent.NextAsync();

        await _client.DisposeAsync().AsTask().WaitAsync(FakePeer.Deadline, TimeProvider.System);

        Assert.That(await silent.HasDisconnectedAsync());
    }

    [Test]
    public async Task A_client_tries_again_if_a_daemon_accepts_the_reconnection_and_stays_silent()
    {
        await using var queue = _client.OpenWatchQueue();
        await AddAsync(queue, "/a");
        _peer.Dispose();
        using var silent = await _daemon.AcceptAsync();
        await silent.NextAsync();

        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(10));
        await _time.WaitForTimerAsync(TimeSpan.FromMilliseconds(10));
        _time.Advance(TimeSpan.FromMilliseconds(10));

        using var next = await _daemon.AcceptAsync();
        await next.AnswerAsync("OK|");
        await AssertWorksAsync(next);
    }

    [TestCase("E2BIG", XenStoreError.TooBig)]
    [TestCase("EINVAL", XenStoreError.Invalid)]
    [TestCase("EACCES", XenStoreError.AccessDenied)]
    public async Task A_watch_that_is_rejected_on_the_reconnection_is_reported_and_the_others_keep_working(string name, XenStoreError error)
    {
        await using var queue = _client.OpenWatchQueue();
        await AddAsync(queue, "/bad");
        var token = await AddAsync(queue, "/good");
        _peer.Dispose();
        using var next = await _daemon.AcceptAsync();
        for (var i = 0; i < 2; i++)
        {
            var watch = await next.NextAsync();
            if (watch.Payload.StartsWith("/bad", StringComparison.Ordinal))
                next.Refuse(watch, name);
            else
                next.Reply(watch, "OK|");
        }
        next.Fire("/good", token);

        var failure = (await Assert.CatchAsync<XenStoreException>(async () => await queue.NextAsync()))!;
        Assert.That((failure.Error, failure.Request), Is.EqualTo((error, "WATCH /bad with the token t after a reconnection")));
        Assert.That(await queue.NextAsync(), Is.EqualTo(new WatchEvent("/good", "t")));
        await AssertWorksAsync(next);
        Assert.That(async () => await queue.RemoveAsync("/bad", "t"), Fails.With(XenStoreError.NotFound));
    }

    [Test]
    public async Task A_waiting_reader_is_notified_of_a_watch_that_is_rejected_on_the_reconnection()
    {
        await using var queue = _client.OpenWatchQueue();
        await AddAsync(queue, "/bad");
        var next = queue.NextAsync().AsTask();
        _peer.Dispose();
        using var peer = await _daemon.AcceptAsync();
        peer.Refuse(await peer.NextAsync(), "EINVAL");

        Assert.That(async () => await next, Fails.With(XenStoreError.Invalid));
    }

    [Test]
    public async Task A_watch_that_fits_in_no_message_delays_no_other_request()
    {
        await using var queue = _client.OpenWatchQueue();
        _daemon.StopListening();
        _peer.Dispose();
        await _time.WaitForTimerAsync(TimeSpan.FromMilliseconds(10));
        var add = queue.AddAsync("/" + new string('x', 5000), "t").AsTask();
        var read = _client.ReadTextAsync("/a").AsTask();
        _daemon.Listen();
        _time.Advance(TimeSpan.FromMilliseconds(10));
        using var next = await _daemon.AcceptAsync();
        await next.AnswerAsync("1");

        Assert.That(await read, Is.EqualTo("1"));
        Assert.That(async () => await add, Fails.With(XenStoreError.TooBig));
    }

    [Test]
    public async Task A_client_pauses_if_a_daemon_accepts_its_connections_and_closes_them_again_and_again()
    {
        var peer = _peer;
        for (var connection = 1; connection < 5; connection++)
        {
            peer.Dispose();
            peer = await _daemon.AcceptAsync();
            await AssertWorksAsync(peer);
        }
        peer.Dispose();

        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        using var next = await _daemon.AcceptAsync();
        await AssertWorksAsync(next);
    }

    [Test]
    public async Task The_error_of_an_add_is_not_hidden_by_its_clean_up()
    {
        await using var queue = _client.OpenWatchQueue();
        Assert.That(async () => await queue.AddAsync("/" + new string('x', 4094), "t"), Fails.With(XenStoreError.TooBig));
        Assert.That(async () => await queue.AddAsync("/a\0b", "t"), Fails.With(XenStoreError.Invalid));

        var add = queue.AddAsync("/a", "t").AsTask();
        _peer.Refuse(await _peer.NextAsync(), "EACCES");
        Assert.That(async () => await add, Fails.With(XenStoreError.AccessDenied));
    }

    [Test]
    public async Task A_transaction_whose_start_was_lost_begins_on_the_next_connection()
    {
        var begin = _client.BeginTransactionAsync().AsTask();
        await _peer.NextAsync();
        _peer.Dispose();
        using var next = await _daemon.AcceptAsync();
        await next.AnswerAsync("5|");

        await (await begin).DisposeAsync();
    }

    [Test]
    public async Task A_retried_transaction_starts_again_if_the_connection_is_lost_before_the_commit()
    {
        var run = _client.RunTransactionAsync(transaction => transaction.WriteTextAsync("/a", "1").AsTask(), _time);
        await _peer.AnswerAsync("5|");
        await _peer.NextAsync();
        _peer.Dispose();
        using var next = await _daemon.AcceptAsync();
        await _time.WaitForTimerAsync(TimeSpan.FromMilliseconds(1));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await next.AnswerAsync("6|");
        Assert.That((await next.AnswerAsync("OK|")).Payload, Is.EqualTo("/a|1"));
        Assert.That((await next.AnswerAsync("OK|")).Payload, Is.EqualTo("T|"));

        await run;
    }

    [Test]
    public async Task A_retried_transaction_fails_if_the_connection_is_lost_during_the_commit()
    {
        var run = _client.RunTransactionAsync(_ => Task.CompletedTask, _time);
        await _peer.AnswerAsync("5|");
        await _peer.NextAsync();
        _peer.Dispose();

        var failure = (await Assert.CatchAsync<XenStoreConnectionException>(() => run))!;
        Assert.That(failure.Fate, Is.EqualTo(RequestFate.Unknown));
    }

    [Test]
    public async Task The_domid_is_read_again_after_a_reconnection()
    {
        var connect = XenStoreClient.ConnectThroughAsync(
            () => SocketTransport.Connect(_daemon.Endpoint.Path), new XenStoreClientOptions { TimeProvider = _time }, domid: null);
        var first = await _daemon.AcceptAsync();
        Assert.That((await first.AnswerAsync("3")).Payload, Is.EqualTo("domid|"));
        await using var client = await connect;
        Assert.That(client.Domid, Is.EqualTo(3));
        first.Dispose();

        using var second = await _daemon.AcceptAsync();
        await second.AnswerAsync("17");
        var read = client.ReadTextAsync("/a").AsTask();
        await second.AnswerAsync("1");
        await read;

        Assert.That(client.Domid, Is.EqualTo(17));
    }

    private async Task<string> AddAsync(IWatchQueue queue, string path)
    {
        var add = queue.AddAsync(path, "t").AsTask();
        var watch = await _peer.AnswerAsync("OK|");
        await add;
        return watch.Payload.Split('|')[1];
    }

    private async Task AssertWorksAsync(FakePeer peer)
    {
        var read = _client.ReadTextAsync("/a").AsTask();
        await peer.AnswerAsync("1");
        Assert.That(await read, Is.EqualTo("1"));
    }
}
