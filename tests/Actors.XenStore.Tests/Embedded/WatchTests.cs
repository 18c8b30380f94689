using Actors.XenStore.Embedded;

namespace Actors.XenStore.Tests.Embedded;

public sealed class WatchTests
{
    private EmbeddedXenStore _store = null!;
    private IXenStore _dom0 = null!;
    private IWatchQueue _queue = null!;

    [SetUp]
    public void Open()
    {
        _store = new EmbeddedXenStore();
        _dom0 = _store.Connect(0);
        _queue = _dom0.OpenWatchQueue();
    }

    [TearDown]
    public async Task Close()
    {
        await _queue.DisposeAsync();
        await _dom0.DisposeAsync();
    }

    [Test]
    public async Task A_watch_fires_once_at_once_even_if_its_node_is_absent()
    {
        await _queue.AddAsync("/absent", "t");

        Assert.That(await Events(), Is.EqualTo([new WatchEvent("/absent", "t")]));
    }

    [Test]
    public async Task A_watch_fires_for_its_node_and_for_what_is_below()
    {
        await Watching("/a");
        await _dom0.WriteTextAsync("/a", "v");
        await _dom0.WriteTextAsync("/a/b", "v");
        await _dom0.WriteTextAsync("/ab", "v");
        await _dom0.WriteTextAsync("/b", "v");

        Assert.That(await Events(), Is.EqualTo([new WatchEvent("/a", "t"), new WatchEvent("/a/b", "t")]));
    }

    [Test]
    public async Task A_write_of_the_same_value_and_new_permissions_fire_too()
    {
        await _dom0.WriteTextAsync("/a", "v");
        await Watching("/a");

        await _dom0.WriteTextAsync("/a", "v");
        Assert.That(await Events(), Has.Count.EqualTo(1));
        await _dom0.SetPermissionsAsync("/a", await _dom0.GetPermissionsAsync("/a"));
        Assert.That(await Events(), Has.Count.EqualTo(1));
        await _dom0.MakeDirectoryAsync("/a");
        Assert.That(await Events(), Is.Empty);
    }

    [Test]
    public async Task The_removal_of_an_ancestor_fires_with_the_watched_path()
    {
        await _dom0.WriteTextAsync("/a/b/c", "v");
        await Watching("/a/b/c");

        await _dom0.RemoveAsync("/a");

        Assert.That(await Events(), Is.EqualTo([new WatchEvent("/a/b/c", "t")]));
    }

    [Test]
    public async Task A_watch_above_a_removed_tree_fires_once()
    {
        await _dom0.WriteTextAsync("/a/b/c", "v");
        await Watching("/");

        await _dom0.RemoveAsync("/a");

        Assert.That(await Events(), Is.EqualTo([new WatchEvent("/a", "t")]));
    }

    [Test]
    public async Task Equal_events_are_queued_once()
    {
        await Watching("/a");
        for (var i = 0; i < 100; i++)
            await _dom0.WriteTextAsync("/a", $"{i}");

        Assert.That(await Events(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Too_many_different_events_of_a_watch_are_replaced_by_one_with_the_watched_path()
    {
        await Watching("/a");
        await _queue.AddAsync("/b", "other");
        for (var i = 0; i < 1025; i++)
            await _dom0.WriteTextAsync($"/a/n{i}", "v");

        Assert.That(await Events(), Is.EqualTo([new WatchEvent("/b", "other"), new WatchEvent("/a", "t")]));
    }

    [Test]
    public async Task A_relative_watch_has_relative_events()
    {
        await Watching("memory/target");
        await _dom0.WriteTextAsync("/local/domain/0/memory/target", "1");

        Assert.That(await Events(), Is.EqualTo([new WatchEvent("memory/target", "t")]));
    }

    [Test]
    public async Task A_path_and_token_can_be_watched_once_in_a_queue_and_again_in_another()
    {
        await _queue.AddAsync("/a", "t");

        Assert.That(() => _queue.AddAsync("/a", "t").AsTask(), Fails.With(XenStoreError.Exists));
        await _queue.AddAsync("/a", "u");
        await using var other = _dom0.OpenWatchQueue();
        await other.AddAsync("/a", "t");
    }

    [Test]
    public async Task A_removed_watch_no_longer_fires_and_its_queued_events_are_dropped()
    {
        await _queue.AddAsync("/a", "t");
        await _queue.AddAsync("/a", "kept");
        await _queue.RemoveAsync("/a", "t");
        await _dom0.WriteTextAsync("/a", "v");

        Assert.That(await Events(), Is.EqualTo([new WatchEvent("/a", "kept")]));
        Assert.That(() => _queue.RemoveAsync("/a", "t").AsTask(), Fails.With(XenStoreError.NotFound));
    }

    [TestCase("/a/")]
    [TestCase("//")]
    [TestCase("")]
    public void An_invalid_path_cannot_be_watched(string path) =>
        Assert.That(() => _queue.AddAsync(path, "t").AsTask(), Fails.With(XenStoreError.Invalid));

    [Test]
    public async Task The_watches_of_one_change_fire_in_the_order_of_their_creation()
    {
        foreach (var (path, token) in new[] { ("/a/b", "1"), ("/", "2"), ("/a", "3"), ("/a/b", "4") })
            await _queue.AddAsync(path, token);
        await Events();

        await _dom0.WriteTextAsync("/a/b", "v");

        Assert.That((await Events()).Select(happened => happened.Token), Is.EqualTo(["1", "2", "3", "4"]));
    }

    [Test]
    public async Task The_special_watches_fire_when_domains_appear_and_disappear()
    {
        await _queue.AddAsync("@introduceDomain", "in");
        await _queue.AddAsync("@releaseDomain", "out");
        await Events();

        await _dom0.IntroduceAsync(7, 1, 1);
        Assert.That(await Events(), Is.EqualTo([new WatchEvent("@introduceDomain", "in")]));
        _store.AnnounceShutdown(7);
        _store.AnnounceShutdown(7);
        Assert.That(await Events(), Is.EqualTo([new WatchEvent("@releaseDomain", "out")]));
        Assert.That(_store.IsIntroduced(7), Is.True);
        await _dom0.ReleaseAsync(7);
        Assert.That(await Events(), Is.EqualTo([new WatchEvent("@releaseDomain", "out")]));
    }

    [Test]
    public async Task A_guest_gets_no_events_for_nodes_that_it_may_not_read()
    {
        await _dom0.IntroduceAsync(7, 1, 1);
        await using var guest = _store.Connect(7);
        await using var queue = guest.OpenWatchQueue();
        await queue.AddAsync("/", "t");
        await queue.AddAsync("@introduceDomain", "t");
        await queue.NextAsync();
        await queue.NextAsync();
        var next = queue.NextAsync().AsTask();

        await _dom0.WriteTextAsync("/secret", "v");
        await _dom0.IntroduceAsync(8, 1, 1);
        Assert.That(next.IsCompleted, Is.False);

        await _dom0.SetPermissionsAsync("/secret", new NodePermissions(new NodePermission(0, NodeAccess.Read)));
        Assert.That((await next).Path, Is.EqualTo("/secret"));
        await _dom0.SetPermissionsAsync("/secret", new NodePermissions(new NodePermission(0, NodeAccess.None)));
        Assert.That((await queue.NextAsync()).Path, Is.EqualTo("/secret"), "a session that loses access to a node gets an event");
    }

    [Test]
    public async Task A_cancelled_wait_loses_no_event()
    {
        using var cancellation = new CancellationTokenSource();
        var cancelled = _queue.NextAsync(cancellation.Token).AsTask();
        cancellation.Cancel();
        Assert.That(() => cancelled, Throws.InstanceOf<OperationCanceledException>());

        await _queue.AddAsync("/a", "t");
        Assert.That((await _queue.NextAsync()).Path, Is.EqualTo("/a"));
    }

    [Test]
    public async Task A_wait_fails_when_its_queue_or_its_connection_is_disposed()
    {
        var first = _queue.NextAsync().AsTask();
        await _queue.DisposeAsync();
        Assert.That(() => first, Throws.InstanceOf<ObjectDisposedException>());

        var second = _dom0.OpenWatchQueue().NextAsync().AsTask();
        await _dom0.DisposeAsync();
        Assert.That(() => second, Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void A_waiting_reader_continues_in_its_own_context_and_not_inside_the_write()
    {
        var context = new QueueingContext();
        var log = new List<string>();
        context.Run(async () =>
        {
            var reader = Read();
            log.Add("writing");
            await _dom0.WriteTextAsync("/a", "v");
            log.Add("written");
            await reader;
        });

        Assert.That(log, Is.EqualTo(["waiting", "writing", "written", "read on the same thread"]));

        async Task Read()
        {
            await _queue.AddAsync("/a", "t");
            await _queue.NextAsync();
            log.Add("waiting");
            var thread = Environment.CurrentManagedThreadId;
            await _queue.NextAsync();
            log.Add(thread == Environment.CurrentManagedThreadId ? "read on the same thread" : "read elsewhere");
        }
    }

    private async Task Watching(string path)
    {
        await _queue.AddAsync(path, "t");
        await _queue.NextAsync();
    }

    /// <summary>Returns the queued events: the first event of a new watch marks their end.</summary>
    private async Task<List<WatchEvent>> Events()
    {
        await _queue.AddAsync("/end", "end");
        var events = new List<WatchEvent>();
        while (await _queue.NextAsync() is { Token: not "end" } happened)
            events.Add(happened);
        await _queue.RemoveAsync("/end", "end");
        return events;
    }

    /// <summary>A context as in the simulator: one thread that runs all posted work in order.</summary>
    private sealed class QueueingContext : SynchronizationContext
    {
        private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();

        public override void Post(SendOrPostCallback d, object? state) => _posted.Enqueue((d, state));

        public void Run(Func<Task> work)
        {
            var before = Current;
            SetSynchronizationContext(this);
            try
            {
                var task = work();
                while (_posted.TryDequeue(out var next))
                    next.Callback(next.State);
                Assert.That(task.IsCompletedSuccessfully, Is.True, "all work was posted and has run");
            }
            finally
            {
                SetSynchronizationContext(before);
            }
        }
    }
}
