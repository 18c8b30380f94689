namespace Actors.XenStore.Embedded;

/// <summary>
/// A queue of watch events within this process. Each queue is a session of its own, so tokens must be unique only within one queue.
/// If events for more than <see cref="MostPaths"/> different nodes below one watch wait to be read, one event with the watched path
/// replaces them. It means that something below that path has changed, and the reader must read all of it.
/// </summary>
internal sealed class EmbeddedWatchQueue : IWatchQueue, IWatchSink
{
    private const int MostPaths = 1024;

    private readonly EmbeddedXenStore _store;
    private readonly Session _session;
    private readonly Dictionary<Watch, HashSet<string>> _waiting = [];
    private Queue<(Watch Watch, string Path)> _events = new();
    private Waiter? _waiter;

    /// <summary>Opens a queue. The caller must hold the lock.</summary>
    public EmbeddedWatchQueue(EmbeddedXenStore store, int domid)
    {
        _store = store;
        _session = store.Open(domid, this);
    }

    public bool HasEnded => _session.Ended;

    /// <summary>Removes all watches and their events. The caller must hold the lock.</summary>
    public void Reset() => _store.Reset(_session);

    public ValueTask AddAsync(string path, string token, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(token);
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellation);
        using (_store.Enter())
        {
            ThrowIfEnded();
            if (System.Text.Encoding.UTF8.GetByteCount(path) >= Protocol.Wire.PayloadMax)
                return EmbeddedNodes.Done(XenStoreError.TooBig, "watch", path);
            var error = _store.Watches.Add(_session, path, token, out var watch);
            watch?.Fire(watch.Path);
            return EmbeddedNodes.Done(error, "watch", path);
        }
    }

    public ValueTask RemoveAsync(string path, string token, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(token);
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellation);
        using (_store.Enter())
        {
            ThrowIfEnded();
            return EmbeddedNodes.Done(_store.Watches.Remove(_session, path, token), "unwatch", path);
        }
    }

    public ValueTask<WatchEvent> NextAsync(CancellationToken cancellation = default)
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled<WatchEvent>(cancellation);
        Waiter waiter;
        using (_store.Enter())
        {
            if (_waiter is not null)
                throw new InvalidOperationException("Another call is already waiting for the next event. A watch queue has one reader at a time.");
            if (_events.TryDequeue(out var next))
            {
                _waiting[next.Watch].Remove(next.Path);
                return new(new WatchEvent(next.Path, next.Watch.Token));
            }
            ThrowIfEnded();
            _waiter = waiter = new Waiter();
        }
        waiter.CancelWith(this, cancellation);
        return new(waiter.Task);
    }

    public ValueTask DisposeAsync()
    {
        using (_store.Enter())
            Close();
        return ValueTask.CompletedTask;
    }

    /// <summary>Closes the queue. The caller must hold the lock.</summary>
    public void Close()
    {
        _store.Close(_session);
        _events.Clear();
        _waiting.Clear();
        EndWaiting();
    }

    void IWatchSink.Deliver(Watch watch, string path)
    {
        if (_waiter is { } waiter)
        {
            _waiter = null;
            waiter.Happened = new WatchEvent(path, watch.Token);
            _store.Defer(waiter);
            return;
        }
        if (!_waiting.TryGetValue(watch, out var paths))
            _waiting[watch] = paths = [];
        if (paths.Count == MostPaths && !paths.Contains(path))
        {
            Discard(watch);
            paths.Clear();
            path = watch.AsWatched;
        }
        if (paths.Add(path))
            _events.Enqueue((watch, path));
    }

    void IWatchSink.Removed(Watch watch)
    {
        if (_waiting.Remove(watch))
            Discard(watch);
    }

    void IWatchSink.Ended() => EndWaiting();

    private void Discard(Watch watch) => _events = new(_events.Where(waiting => waiting.Watch != watch));

    private void EndWaiting()
    {
        if (_waiter is not { } waiter)
            return;
        _waiter = null;
        _store.Defer(waiter);
    }

    private void Cancel(Waiter waiter, CancellationToken cancellation)
    {
        using (_store.Enter())
        {
            if (_waiter != waiter)
                return;
            _waiter = null;
        }
        waiter.TrySetCanceled(cancellation);
    }

    private static ObjectDisposedException Ended() =>
        new(nameof(IWatchQueue), "This watch queue has ended: it or its connection was disposed, or its domain was released.");

    private void ThrowIfEnded()
    {
        if (_session.Ended)
            throw Ended();
    }

    /// <summary>
    /// A call that waits. Its continuation is posted to the context that it captured, and never runs inside the call that caused
    /// the event. So a single-threaded program stays on its thread, and a writer never executes the code of a reader.
    /// </summary>
    private sealed class Waiter() : TaskCompletionSource<WatchEvent>(TaskCreationOptions.RunContinuationsAsynchronously), IDeferredAction
    {
        private CancellationTokenRegistration _registration;

        public WatchEvent? Happened { get; set; }

        public void CancelWith(EmbeddedWatchQueue queue, CancellationToken cancellation) =>
            _registration = cancellation.UnsafeRegister((_, token) => queue.Cancel(this, token), null);

        public void Run()
        {
            _registration.Unregister();
            if (Happened is { } happened)
                TrySetResult(happened);
            else
                TrySetException(Ended());
        }
    }
}
