using Actors.Cli.CommandLine;
using Actors.Dispatch.Domains;
using Actors.Dispatch.State;
using Actors.XenStore;

namespace Actors.Cli.TargetWaits;

/// <summary>Waits for the outcome of a domain's target. Watches report every change of its keys.</summary>
/// <param name="store">The store, as dom0.</param>
/// <param name="domid">The domain.</param>
/// <param name="time">The clock of all limits.</param>
/// <param name="daemonRuns">Whether a daemon runs. No watch reports a daemon that was killed.</param>
internal sealed class TargetWait(IXenStore store, int domid, TimeProvider time, Func<CancellationToken, ValueTask<bool>> daemonRuns) : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    // A daemon that is upgraded or restarted is back within seconds, and resumes the target.
    private static readonly TimeSpan DaemonMayBeGone = TimeSpan.FromSeconds(10);

    private readonly IWatchQueue _watches = store.OpenWatchQueue();
    private readonly CancellationTokenSource _stop = new();
    private Task<WatchEvent>? _next;
    private long? _goneSince;
    private string _whyGone = "";

    /// <summary>Starts the watches. Returns the state before the target is written.</summary>
    public async Task<StateKey?> StartAsync(CancellationToken cancellation)
    {
        await _watches.AddAsync(PolicyKeys.Of(domid, PolicyKeys.State), "state", cancellation);
        await _watches.AddAsync(PolicyKeys.Of(domid, PolicyKeys.Target), "target", cancellation);
        return await StateStore.TryReadAsync(store, domid, cancellation);
    }

    /// <summary>Waits until the rules or the time limit end the wait, or the daemon is gone for too long.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="limit">The time limit; <see langword="null"/> if there is none.</param>
    /// <param name="observe">Receives the state after every change, and once a second.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    public async Task<WaitEnd> RunAsync(WaitRules rules, TimeSpan? limit, Action<StateKey?> observe, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stop.Token);
        var begun = time.GetTimestamp();
        StateKey? state = null;
        while (true)
        {
            _next ??= NextAsync(either.Token);
            if (_next.IsCompleted)
            {
                await _next;
                _next = null;
                if (await TryReadAsync(cancellation) is { } view)
                {
                    if (rules.EndOf(view) is { } end)
                        return end;
                    state = view.State;
                }
                observe(state);
                continue;
            }
            var left = limit is { } most ? most - time.GetElapsedTime(begun) : Tick;
            if (left <= TimeSpan.Zero)
                return rules.TimeIsUp(state, limit!.Value);
            if (await WhyGoneAsync(cancellation) is { } gone)
                return new WaitEnd(WaitEnd.Unreachable, null, gone, ExitCode.Unreachable);
            await Task.WhenAny(_next, Task.Delay(left < Tick ? left : Tick, time, either.Token));
            cancellation.ThrowIfCancellationRequested();
            observe(state);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        await _watches.DisposeAsync();
        _stop.Dispose();
    }

    // Completes on the context of the caller, and not on a thread of its own, so that a wait in virtual time repeats exactly.
    private async Task<WatchEvent> NextAsync(CancellationToken cancellation) => await _watches.NextAsync(cancellation);

    private async Task<WaitView?> TryReadAsync(CancellationToken cancellation)
    {
        try
        {
            var target = await store.TryReadTextAsync(PolicyKeys.Of(domid, PolicyKeys.Target), cancellation);
            var exists = target is not null || await store.TryReadAsync(PolicyKeys.NameOf(domid), cancellation) is not null;
            return new WaitView(target, exists, await StateStore.TryReadAsync(store, domid, cancellation));
        }
        catch (XenStoreConnectionException)
        {
            // Every watch fires again when the store is back. If it stays away, so does the daemon's answer.
            return null;
        }
    }

    private async ValueTask<string?> WhyGoneAsync(CancellationToken cancellation)
    {
        try
        {
            if (await daemonRuns(cancellation))
            {
                _goneSince = null;
                return null;
            }
            _whyGone = "the daemon has stopped; the target stays in xenstore, and the next daemon acts on it";
        }
        catch (XenStoreConnectionException error)
        {
            _whyGone = error.Message;
        }
        _goneSince ??= time.GetTimestamp();
        return time.GetElapsedTime(_goneSince.Value) >= DaemonMayBeGone ? _whyGone : null;
    }
}
