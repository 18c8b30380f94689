using Actors.Isolation.Wire;
using Actors.Sdk;

namespace Actors.Isolation.Remote;

/// <summary>The keys that a call in a child watches. It runs in the daemon. A child asks for one value after the other.</summary>
internal sealed class CallWatches(IDomain domain)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Watch> _watches = [];
    private bool _ended;

    /// <summary>Returns the next value of a watch, which begins with its first request.</summary>
    /// <param name="id">The child's number of the watch.</param>
    /// <param name="path">The key.</param>
    /// <param name="cancellation">Ends the watch.</param>
    /// <exception cref="WireException">The child has not received the previous value yet.</exception>
    public async ValueTask<string?> NextAsync(long id, string path, CancellationToken cancellation)
    {
        var watch = Begin(id, path);
        try
        {
            using (cancellation.UnsafeRegister(static watch => ((Watch)watch!).Cancel.Cancel(), watch))
                await watch.Values.MoveNextAsync();
            var value = watch.Values.Current;
            return Rest(watch) ? value : throw new OperationCanceledException("the watch was ended");
        }
        catch (Exception)
        {
            lock (_gate)
                _watches.Remove(id);
            await watch.Values.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends a watch that the child no longer wants.</summary>
    public void End(long id)
    {
        lock (_gate)
        {
            if (_watches.Remove(id, out var watch))
                Stop(watch);
        }
    }

    /// <summary>Ends all watches, because the call has ended.</summary>
    public void EndAll()
    {
        lock (_gate)
        {
            _ended = true;
            foreach (var watch in _watches.Values)
                Stop(watch);
            _watches.Clear();
        }
    }

    private Watch Begin(long id, string path)
    {
        lock (_gate)
        {
            if (_ended)
                throw new OperationCanceledException("this call has ended: it cannot reach its domain any more");
            if (!_watches.TryGetValue(id, out var watch))
                _watches[id] = watch = new Watch(domain.Store, path);
            if (watch.Busy)
                throw new WireException("a call requested the next value of a watch twice");
            watch.Busy = true;
            return watch;
        }
    }

    // Whether the watch goes on.
    private bool Rest(Watch watch)
    {
        lock (_gate)
        {
            watch.Busy = false;
            return !watch.Cancel.IsCancellationRequested;
        }
    }

    // While a value is awaited, who awaits it disposes of it.
    private static void Stop(Watch watch)
    {
        watch.Cancel.Cancel();
        if (!watch.Busy)
            _ = watch.Values.DisposeAsync().AsTask();
    }

    private sealed class Watch
    {
        public Watch(IDomainStore store, string path) => Values = store.WatchAsync(path, Cancel.Token).GetAsyncEnumerator(Cancel.Token);

        public CancellationTokenSource Cancel { get; } = new();

        public IAsyncEnumerator<string?> Values { get; }

        public bool Busy { get; set; }
    }
}
