using System.Threading.Tasks.Sources;

namespace Actors.XenStore.Client;

/// <summary>
/// A queue of events of a client's watches. If events for more than <see cref="MostPaths"/> different nodes below one watch wait to
/// be read, one event with the watched path replaces them. It means that something below that path has changed, and the reader must
/// read all of it.
/// </summary>
internal sealed class WatchQueue(Session session) : IWatchQueue, IValueTaskSource<WatchEvent>
{
    private const int MostPaths = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Path, string Token), WatchRegistration> _watches = [];
    private readonly Queue<XenStoreException> _failures = [];
    private Queue<(WatchRegistration Registration, string Path)> _events = [];
    private ManualResetValueTaskSourceCore<WatchEvent> _core;
    private CancellationTokenRegistration _cancellation;
    private bool _isAwaited;
    private bool _isClosed;

    public async ValueTask AddAsync(string path, string token, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(token);
        cancellation.ThrowIfCancellationRequested();
        WatchRegistration registration;
        lock (_gate)
        {
            ThrowIfClosed();
            if (_watches.ContainsKey((path, token)))
                throw new XenStoreException(XenStoreError.Exists, "EEXIST", $"WATCH {path}");
            registration = session.Watches.Register(this, path, token);
            _watches.Add((path, token), registration);
        }
        try
        {
            await session.Watches.WatchAsync(registration, cancellation).ConfigureAwait(false);
            registration.IsAdded = true;
        }
        catch
        {
            session.Watches.Forget(registration);
            throw;
        }
    }

    public ValueTask RemoveAsync(string path, string token, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(token);
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellation);
        WatchRegistration? registration;
        lock (_gate)
        {
            ThrowIfClosed();
            if (!_watches.TryGetValue((path, token), out registration))
                return ValueTask.FromException(new XenStoreException(XenStoreError.NotFound, "ENOENT", $"UNWATCH {path}"));
        }
        return session.Watches.RemoveAsync(registration, cancellation);
    }

    public ValueTask<WatchEvent> NextAsync(CancellationToken cancellation = default)
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled<WatchEvent>(cancellation);
        lock (_gate)
        {
            if (_isAwaited)
                throw new InvalidOperationException("Another call is already waiting for the next event. A watch queue has one reader at a time.");
            ThrowIfClosed();
            if (_failures.TryDequeue(out var failure))
                return ValueTask.FromException<WatchEvent>(failure);
            if (_events.Count > 0)
                return new ValueTask<WatchEvent>(Dequeue());
            _isAwaited = true;
            _core.Reset();
            _core.RunContinuationsAsynchronously = false;
            _cancellation = cancellation.UnsafeRegister(
                static (queue, token) => ((WatchQueue)queue!).Fail(new OperationCanceledException(token)), this);
            return new ValueTask<WatchEvent>(this, _core.Version);
        }
    }

    public ValueTask DisposeAsync()
    {
        List<WatchRegistration> registrations;
        lock (_gate)
            registrations = [.. _watches.Values];
        Close();
        session.Watches.Remove(this);
        foreach (var registration in registrations)
            session.Watches.Forget(registration);
        return default;
    }

    public void Enqueue(WatchRegistration registration, string path)
    {
        WatchEvent first;
        lock (_gate)
        {
            if (_isClosed || !registration.Waiting.Add(path))
                return;
            _events.Enqueue((registration, path));
            if (registration.Waiting.Count > MostPaths)
            {
                Discard(registration);
                registration.Waiting.Add(registration.Path);
                _events.Enqueue((registration, registration.Path));
            }
            if (!_isAwaited)
                return;
            _isAwaited = false;
            first = Dequeue();
        }
        _core.SetResult(first);
    }

    /// <summary>Removes a watch and its queued events.</summary>
    public void Drop(WatchRegistration registration)
    {
        lock (_gate)
        {
            _watches.Remove((registration.Path, registration.Token));
            Discard(registration);
        }
    }

    /// <summary>Reports the error of a watch to the reader.</summary>
    public void Report(XenStoreException failure)
    {
        lock (_gate)
        {
            if (_isClosed)
                return;
            if (!_isAwaited)
            {
                _failures.Enqueue(failure);
                return;
            }
            _isAwaited = false;
            _core.RunContinuationsAsynchronously = true;
        }
        _core.SetException(failure);
    }

    public void Close()
    {
        lock (_gate)
            _isClosed = true;
        Fail(new ObjectDisposedException(nameof(IWatchQueue)));
    }

    WatchEvent IValueTaskSource<WatchEvent>.GetResult(short token)
    {
        // Waits for a running cancellation, so that it cannot affect the next wait.
        _cancellation.Dispose();
        return _core.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<WatchEvent>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<WatchEvent>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void ThrowIfClosed() => ObjectDisposedException.ThrowIf(_isClosed || session.IsDisposed, typeof(IWatchQueue));

    private WatchEvent Dequeue()
    {
        var (registration, path) = _events.Dequeue();
        registration.Waiting.Remove(path);
        return new WatchEvent(path, registration.Token);
    }

    private void Discard(WatchRegistration registration)
    {
        if (registration.Waiting.Count == 0)
            return;
        registration.Waiting.Clear();
        _events = new(_events.Where(waiting => waiting.Registration != registration));
    }

    private void Fail(Exception failure)
    {
        lock (_gate)
        {
            if (!_isAwaited)
                return;
            _isAwaited = false;
            _core.RunContinuationsAsynchronously = true;
        }
        _core.SetException(failure);
    }
}
