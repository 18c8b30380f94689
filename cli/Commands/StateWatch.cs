using Actors.Dispatch.Domains;
using Actors.Dispatch.State;
using Actors.XenStore;

namespace Actors.Cli.Commands;

/// <summary>Waits until a domain's state key satisfies a condition.</summary>
internal sealed class StateWatch(IXenStore store, int domid) : IAsyncDisposable
{
    private readonly string _path = PolicyKeys.Of(domid, PolicyKeys.State);
    private readonly IWatchQueue _watches = store.OpenWatchQueue();

    /// <summary>Starts the watch. Returns the serial of the last state before it, or 0.</summary>
    public async Task<long> StartAsync(CancellationToken cancellation)
    {
        await _watches.AddAsync(_path, "state", cancellation);
        return (await ReadAsync(cancellation))?.Serial ?? 0;
    }

    /// <summary>Returns the first state that satisfies the condition, or <see langword="null"/> when the time is up.</summary>
    public async Task<StateKey?> WaitAsync(Func<StateKey, bool> condition, TimeSpan? limit, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(limit ?? Timeout.InfiniteTimeSpan, TimeProvider.System);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            while (true)
            {
                await _watches.NextAsync(linked.Token);
                if (await ReadAsync(linked.Token) is { } state && condition(state))
                    return state;
            }
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    public ValueTask DisposeAsync() => _watches.DisposeAsync();

    private async Task<StateKey?> ReadAsync(CancellationToken cancellation) => await StateStore.TryReadAsync(store, domid, cancellation);
}
