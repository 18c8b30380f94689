using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Actors.XenStore;

namespace Actors.Host.Tests.Dispatch;

/// <summary>
/// A queue of watches whose connection can be lost. The daemon that answers then may reject any watch: with E2BIG or ENOSPC because its
/// limits are lower, with EINVAL because it knows fewer special paths.
/// </summary>
internal sealed class RejectedWatches(IWatchQueue queue) : IWatchQueue
{
    private readonly HashSet<(string Path, string Token)> _watches = [];
    private readonly Queue<XenStoreException> _rejections = [];
    private CancellationTokenSource? _wait;

    /// <summary>Whether the daemon rejects a watch, by its path.</summary>
    public Predicate<string> Rejects { get; set; } = _ => false;

    /// <summary>A store whose first queue is this one. All other calls are passed on.</summary>
    public static IXenStore Of(IXenStore store, out RejectedWatches watches)
    {
        watches = new RejectedWatches(store.OpenWatchQueue());
        return FirstQueue.Of(store, watches);
    }

    public async Task LoseConnectionAsync()
    {
        foreach (var watch in _watches.ToList())
        {
            await queue.RemoveAsync(watch.Path, watch.Token);
            _watches.Remove(watch);
            if (Rejects(watch.Path))
                _rejections.Enqueue(Rejection(watch.Path));
            else
                await AddAsync(watch.Path, watch.Token);
        }
        _wait?.Cancel();
    }

    public async ValueTask AddAsync(string path, string token, CancellationToken cancellation = default)
    {
        if (Rejects(path))
            throw Rejection(path);
        await queue.AddAsync(path, token, cancellation);
        _watches.Add((path, token));
    }

    public ValueTask RemoveAsync(string path, string token, CancellationToken cancellation = default)
    {
        _watches.Remove((path, token));
        return queue.RemoveAsync(path, token, cancellation);
    }

    public async ValueTask<WatchEvent> NextAsync(CancellationToken cancellation = default)
    {
        while (true)
        {
            if (_rejections.TryDequeue(out var rejection))
                throw rejection;
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            _wait = wait;
            try
            {
                return await queue.NextAsync(wait.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // The connection was lost.
            }
            finally
            {
                _wait = null;
            }
        }
    }

    public ValueTask DisposeAsync() => queue.DisposeAsync();

    private static XenStoreException Rejection(string path) => new(XenStoreError.TooBig, "E2BIG", $"WATCH {path}");

    [SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "DispatchProxy derives the proxies from it.")]
    internal class FirstQueue : DispatchProxy
    {
        private IXenStore _store = null!;
        private IWatchQueue? _first;

        public static IXenStore Of(IXenStore store, IWatchQueue first)
        {
            var proxy = Create<IXenStore, FirstQueue>();
            (((FirstQueue)(object)proxy)._store, ((FirstQueue)(object)proxy)._first) = (store, first);
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name == nameof(IXenStore.OpenWatchQueue) && Interlocked.Exchange(ref _first, null) is { } first ? first : targetMethod.Invoke(_store, args);
    }
}
