using Actors.Dispatch.Domains;
using Actors.Dispatch.State;
using Actors.XenStore;

namespace Actors.Host.Commands;

/// <summary>Waits for a domain's state key to say something.</summary>
internal sealed class StateWatch(IXenStore store, int domid) : IAsyncDisposable
{
    private readonly string _path = PolicyKeys.Of(domid, PolicyKeys.State);
    private readonly IWatchQueue _watches = store.OpenWatchQueue();

    /// <summary>Begins to listen; the serial of the last answer that was given before.</summary>
    public async Task<long> StartAsync(CancellationToken cancellation)
    {
        await _watches.AddAsync(_path, "state", cancellation);
        return (await ReadAsync(cancellation))?.Serial ?? 0;
    }

    /// <summary>The first state that is wanted; <see langword="null"/> when the time is up.</summary>
    public async Task<StateKey?> WaitAsync(Func<StateKey, bool> wanted, TimeSpan? limit, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(limit ?? Timeout.InfiniteTimeSpan, TimeProvider.System);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            while (true)
            {
                await _watches.NextAsync(linked.Token);
                if (await ReadAsync(linked.Token) is { } state && wanted(state))
                    return state;
            }
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    public ValueTask DisposeAsync() => _watches.DisposeAsync();

    private async Task<StateKey?> ReadAsync(CancellationToken cancellation) =>
        StateKey.Parse(await store.TryReadTextAsync(_path, cancellation));
}
