using Actors.XenStore.Protocol;

namespace Actors.XenStore.Tests.Client;

public sealed class WatchQueueTests
{
    private FakeDaemon _daemon = null!;
    private XenStoreClient _client = null!;
    private FakePeer _peer = null!;
    private IWatchQueue _queue = null!;

    [SetUp]
    public async Task ConnectAsync()
    {
        _daemon = new FakeDaemon();
        (_client, _peer) = await _daemon.ConnectAsync();
        _queue = _client.OpenWatchQueue();
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await _queue.DisposeAsync();
        await _client.DisposeAsync();
        _peer.Dispose();
        await _daemon.DisposeAsync();
    }

    [Test]
    public async Task Equal_events_are_queued_once()
    {
        var token = await AddAsync(_queue, "/a", "mine");
        for (var i = 0; i < 5000; i++)
            _peer.Fire("/a/b", token);
        _peer.Fire("/a/c", token);
        await ReceiveAllAsync();

        Assert.That(await _queue.NextAsync(), Is.EqualTo(new WatchEvent("/a/b", "mine")));
        Assert.That(await _queue.NextAsync(), Is.EqualTo(new WatchEvent("/a/c", "mine")));
        Assert.That(_queue.NextAsync().AsTask().IsCompleted, Is.False);
    }

    [Test]
    public async Task An_event_can_arrive_again_after_it_was_read()
    {
        var token = await AddAsync(_queue, "/a", "mine");
        _peer.Fire("/a", token);
        await _queue.NextAsync();
        _peer.Fire("/a", token);

        Assert.That(await _queue.NextAsync(), Is.EqualTo(new WatchEvent("/a", "mine")));
    }

    [Test]
    public async Task Events_of_too_many_different_nodes_are_replaced_by_the_watched_path()
    {
        var (noisy, quiet) = (await AddAsync(_queue, "/a", "noisy"), await AddAsync(_queue, "/b", "quiet"));
        _peer.Fire("/b", quiet);
        for (var i = 0; i < 1025; i++)
            _peer.Fire($"/a/{i}", noisy);
        await ReceiveAllAsync();

        Assert.That(await _queue.NextAsync(), Is.EqualTo(new WatchEvent("/b", "quiet")));
        Assert.That(await _queue.NextAsync(), Is.EqualTo(new WatchEvent("/a", "noisy")));
        Assert.That(_queue.NextAsync().AsTask().IsCompleted, Is.False);
    }

    [Test]
    public async Task Two_queues_with_the_same_path_and_token_each_get_their_own_events()
    {
        await using var other = _client.OpenWatchQueue();
        await AddAsync(_queue, "/a", "same");
        _peer.Fire("/a/b", await AddAsync(other, "/a", "same"));

        Assert.That(await other.NextAsync(), Is.EqualTo(new WatchEvent("/a/b", "same")));
        Assert.That(_queue.NextAsync().AsTask().IsCompleted, Is.False);
    }

    [Test]
    public async Task Events_of_a_removed_watch_are_dropped()
    {
        var token = await AddAsync(_queue, "/a", "mine");
        _peer.Fire("/a", token);
        await ReceiveAllAsync();
        var remove = _queue.RemoveAsync("/a", "mine").AsTask();
        _peer.Fire("/a", token);
        await _peer.AnswerAsync("OK|");
        await remove;

        Assert.That(_queue.NextAsync().AsTask().IsCompleted, Is.False);
    }

    [Test]
    public async Task A_second_identical_watch_is_rejected_as_by_a_daemon()
    {
        await AddAsync(_queue, "/a", "mine");

        Assert.That(async () => await _queue.AddAsync("/a", "mine"), Fails.With(XenStoreError.Exists));
        Assert.That(async () => await _queue.RemoveAsync("/a", "other"), Fails.With(XenStoreError.NotFound));
    }

    [Test]
    public async Task A_watch_whose_registration_was_cancelled_is_removed_again()
    {
        using var cancellation = new CancellationTokenSource();
        var add = _queue.AddAsync("/a", "mine", cancellation.Token).AsTask();
        var watch = await _peer.NextAsync();
        cancellation.Cancel();
        Assert.That(async () => await add, Throws.InstanceOf<OperationCanceledException>());

        var unwatch = await _peer.NextAsync();
        Assert.That((unwatch.Type, unwatch.Payload), Is.EqualTo((MessageType.Unwatch, watch.Payload)));
    }

    [Test]
    public async Task A_cancelled_wait_takes_no_event()
    {
        var token = await AddAsync(_queue, "/a", "mine");
        using var cancellation = new CancellationTokenSource();
        var cancelled = _queue.NextAsync(cancellation.Token).AsTask();
        cancellation.Cancel();
        Assert.That(async () => await cancelled, Throws.InstanceOf<OperationCanceledException>());
        _peer.Fire("/a", token);

        Assert.That(await _queue.NextAsync(), Is.EqualTo(new WatchEvent("/a", "mine")));
    }

    [Test]
    public async Task A_second_reader_is_rejected()
    {
        var first = _queue.NextAsync().AsTask();

        Assert.That(async () => await _queue.NextAsync(), Throws.InvalidOperationException);
        await _queue.DisposeAsync();
        Assert.That(async () => await first, Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task A_wait_fails_when_the_client_is_disposed()
    {
        var next = _queue.NextAsync().AsTask();
        await _client.DisposeAsync();

        Assert.That(async () => await next, Throws.InstanceOf<ObjectDisposedException>());
    }

    /// <summary>Adds a watch and returns its token on the wire.</summary>
    private async Task<string> AddAsync(IWatchQueue queue, string path, string token)
    {
        var add = queue.AddAsync(path, token).AsTask();
        var watch = await _peer.AnswerAsync("OK|");
        await add;
        return watch.Payload.Split('|')[1];
    }

    /// <summary>Waits until all earlier events were received: a reply arrives after them.</summary>
    private async Task ReceiveAllAsync()
    {
        var read = _client.ReadAsync("/fence").AsTask();
        await _peer.AnswerAsync("");
        await read;
    }
}
