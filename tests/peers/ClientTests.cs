using System.Text;
using System.Threading.Channels;
using Actors.XenStore;

namespace Actors.Peers;

/// <summary>Tests the client with real daemons that are killed and restarted.</summary>
[TestFixture(Daemon.Xenstored)]
[TestFixture(Daemon.Oxenstored)]
public sealed class ClientTests(Daemon daemon)
{
    private RealXenStore _store = null!;
    private XenStoreClient _client = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _store = await Peers.NeedAsync(daemon);
        _client = await XenStoreClient.ConnectAsync(XenStoreEndpoint.Socket(_store.SocketPath));
    }

    [TearDown]
    public async Task StopAsync()
    {
        if (_client is not null)
            await _client.DisposeAsync();
        if (_store is not null)
            await _store.DisposeAsync();
    }

    [Test]
    public async Task A_thousand_requests_in_flight_each_get_their_own_reply()
    {
        for (var i = 0; i < 10; i++)
            await _client.WriteTextAsync($"/t/{i}", $"{i}");
        var answers = Enumerable.Range(0, 1000).Select(i => _client.ReadTextAsync($"/t/{i % 10}").AsTask()).ToList();

        Assert.That(await Task.WhenAll(answers), Is.EqualTo(Enumerable.Range(0, 1000).Select(i => $"{i % 10}")));
    }

    [Test]
    public async Task The_requests_of_a_batch_are_executed_in_order()
    {
        Task<string> read;
        using (_client.Batch())
        {
            _ = _client.WriteTextAsync("/t/a", "1").AsTask();
            read = _client.ReadTextAsync("/t/a").AsTask();
        }

        Assert.That(await read, Is.EqualTo("1"));
    }

    [Test]
    public async Task A_continuation_that_blocks_on_another_request_gets_its_reply()
    {
        await _client.WriteTextAsync("/t/a", "1").ConfigureAwait(false);
        await _client.ReadTextAsync("/t/a").ConfigureAwait(false);

#pragma warning disable CA1849 // This test is about blocking.
        var value = _client.ReadTextAsync("/t/a").AsTask().Result;
#pragma warning restore CA1849

        Assert.That(value, Is.EqualTo("1"));
        Assert.That(await _client.ReadTextAsync("/t/a"), Is.EqualTo("1"));
    }

    [Test]
    public async Task A_cancelled_request_leaves_the_connection_usable()
    {
        await _client.WriteTextAsync("/t/a", "1");
        for (var i = 0; i < 200; i++)
        {
            using var cancellation = new CancellationTokenSource();
            var cancelled = _client.ReadTextAsync("/t/a", cancellation.Token).AsTask();
            cancellation.Cancel();
            await cancelled.ContinueWith(_ => { }, TaskScheduler.Default);
        }

        Assert.That(await _client.ReadTextAsync("/t/a"), Is.EqualTo("1"));
    }

    [Test]
    public async Task After_a_restart_of_the_daemon_every_watch_fires_once_and_requests_work_again()
    {
        await using var queue = _client.OpenWatchQueue();
        await queue.AddAsync("/t", "mine");
        await queue.AddAsync("@releaseDomain", "special");
        await queue.NextAsync();
        await queue.NextAsync();
        var states = Channel.CreateUnbounded<XenStoreConnectionState>();
        _client.ConnectionChanged += (_, change) => states.Writer.TryWrite(change.State);

        await _store.KillAsync();
        await _store.StartAsync();

        Assert.That(new[] { (await queue.NextAsync()).Token, (await queue.NextAsync()).Token }, Is.EquivalentTo(["mine", "special"]));
        await _client.WriteTextAsync("/t/a", "again");
        Assert.That(await queue.NextAsync(), Is.EqualTo(new WatchEvent("/t/a", "mine")));
        Assert.That(await states.Reader.ReadAsync(), Is.EqualTo(XenStoreConnectionState.Reconnecting));
        // One more event for each attempt that failed. Handlers may run after the first requests on the new connection.
        Assert.That(await states.Reader.ReadAllAsync().FirstAsync(state => state != XenStoreConnectionState.Reconnecting), Is.EqualTo(XenStoreConnectionState.Connected));
    }

    [Test]
    public async Task Killing_the_daemon_within_a_transaction_aborts_it_and_leaves_nothing_of_it()
    {
        await using var transaction = await _client.BeginTransactionAsync();
        await transaction.WriteAsync("/t/a", "1"u8.ToArray());

        await _store.KillAsync();
        await _store.StartAsync();

        var failure = (await Assert.CatchAsync<XenStoreConnectionException>(async () => await transaction.CommitAsync()))!;
        Assert.That(failure.Fate, Is.EqualTo(RequestFate.NotSent));
        Assert.That(await _client.TryReadAsync("/t/a"), Is.Null);
    }

    [Test]
    public async Task Killing_the_daemon_fails_sent_requests_with_an_unknown_fate()
    {
        var value = Encoding.ASCII.GetBytes(new string('x', 1000));
        var writes = Enumerable.Range(0, 2000).Select(i => _client.WriteAsync($"/t/{i % 100}", value).AsTask()).ToList();

        await _store.KillAsync();
        await Task.WhenAll(writes).ContinueWith(_ => { }, TaskScheduler.Default);

        var failures = writes.Select(write => write.Exception?.InnerException).OfType<Exception>().ToList();
        Assert.That(failures, Is.Not.Empty);
        Assert.That(failures, Is.All.TypeOf<XenStoreConnectionException>());
        Assert.That(writes.SkipWhile(write => write.IsCompletedSuccessfully), Is.All.Property(nameof(Task.IsFaulted)).True);
    }

    [Test]
    public async Task A_thousand_watches_each_fire_once_and_once_more_after_a_restart()
    {
        await using var queue = _client.OpenWatchQueue();
        var watches = Enumerable.Range(0, 1000).Select(i => queue.AddAsync($"/w/{i}", $"{i}").AsTask()).ToList();
        await Task.WhenAll(watches);
        var expected = Enumerable.Range(0, 1000).Select(i => new WatchEvent($"/w/{i}", $"{i}")).ToList();
        Assert.That(await TakeAsync(queue, 1000), Is.EquivalentTo(expected));

        await _store.KillAsync();
        await _store.StartAsync();

        Assert.That(await TakeAsync(queue, 1000), Is.EquivalentTo(expected));
    }

    [Test]
    public async Task All_of_ten_thousand_children_are_listed()
    {
        var names = Enumerable.Range(0, 10_000).Select(i => $"child-{i}").ToList();
        await Task.WhenAll(names.Select(name => _client.WriteTextAsync($"/many/{name}", "").AsTask()));

        Assert.That(await _client.ListAsync("/many"), Is.EquivalentTo(names));
    }

    private static async Task<List<WatchEvent>> TakeAsync(IWatchQueue queue, int count)
    {
        var events = new List<WatchEvent>();
        while (events.Count < count)
            events.Add(await queue.NextAsync());
        return events;
    }
}
