using Actors.Dispatch.Decisions;
using Actors.Dispatch.Domains;
using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Dispatch.Runs;

/// <summary>
/// Finds out whether another program wrote <c>memory/target</c> of one domain. Such a domain is left alone until its target is written
/// again. The key <see cref="PolicyKeys.LeftAlone"/> keeps that across restarts. Events arrive in the order of the writes, so a write of
/// the target overrides what another program wrote before it, and not what it writes later.
/// </summary>
internal sealed class SecondWriter(BalloonTargetKey key, IXenStore store, TimeProvider time, int domid)
{
    // Our own write also causes an event. It is compared at the next check of the monitor, so that a burst of targets costs few reads.
    private static readonly TimeSpan OwnEvents = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly string _path = PolicyKeys.Of(domid, PolicyKeys.LeftAlone);
    private bool _compared;
    private bool _overridden;
    private bool _targetSeen;
    private Kib? _lastTarget;
    private bool _hasCompared;

    /// <summary>The value that the other program wrote; <see langword="null"/> while the host controls the domain.</summary>
    public ForeignWrite? LeftTo { get; private set; }

    /// <summary>Whether the state of the domain says so already.</summary>
    public bool IsReported { get; set; } = true;

    /// <summary>Whether <c>memory/target</c> may have another value than the one that was compared last.</summary>
    public bool MustCompare => !_compared;

    /// <summary>Whether our own write has most likely caused an event of <c>memory/target</c>.</summary>
    public bool EventIsProbablyOwn => key.SinceWritten < OwnEvents;

    /// <summary>Reads what an earlier daemon recorded.</summary>
    /// <param name="last">The domain's last state.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    public async ValueTask LoadAsync(StateKey? last, CancellationToken cancellation)
    {
        _lastTarget = last?.Target;
        await key.LoadAsync(last?.BalloonTarget, cancellation);
        LeftTo = await store.TryReadTextAsync(_path, cancellation) is { } value ? new ForeignWrite(value) : null;
    }

    public void ReportTargetWritten()
    {
        lock (_gate)
            (_overridden, _targetSeen) = (true, true);
    }

    public void ReportBalloonTargetChanged()
    {
        key.ReportChanged();
        lock (_gate)
            (_overridden, _compared) = (false, false);
    }

    /// <summary>Reads what <see cref="FindAsync"/> will compare, if it must.</summary>
    public async Task ReadAheadAsync(CancellationToken cancellation)
    {
        if (MustCompare && !CanCompareLater(_overridden))
            await key.ReadAsync(cancellation);
    }

    /// <summary>Compares <c>memory/target</c> with what actors wrote, if it may have changed.</summary>
    /// <param name="target">The domain's target now.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <returns>The other program's value and when it was written; <see langword="null"/> if there is none.</returns>
    public async ValueTask<ForeignWrite?> FindAsync(Kib target, CancellationToken cancellation)
    {
        bool overridden, compare;
        lock (_gate)
        {
            // If there was no event, a different target was written while no daemon watched.
            overridden = _overridden || (!_targetSeen && _lastTarget is { } last && last != target);
            if (CanCompareLater(overridden))
            {
                (_overridden, _targetSeen, _lastTarget) = (true, true, target);
                return null;
            }
            compare = !_compared || (overridden && LeftTo is not null);
            (_overridden, _targetSeen, _compared, _lastTarget) = (false, false, true, target);
        }
        try
        {
            return compare ? await CompareAsync(target, overridden, cancellation) : LeftTo;
        }
        catch
        {
            lock (_gate)
                (_compared, _overridden) = (false, _overridden || overridden);
            throw;
        }
    }

    /// <summary>Writes the other program's value again, if a run has replaced it before it could be stopped.</summary>
    public async ValueTask RestoreAsync(CancellationToken cancellation)
    {
        if (LeftTo is { } left && key.IsOwn(await key.ReadAsync(cancellation)))
            await key.RestoreAsync(left.Value, cancellation);
    }

    /// <summary>Ends the conflict, because the target was removed and the host no longer manages the domain.</summary>
    public async ValueTask ForgetAsync(CancellationToken cancellation)
    {
        await key.ForgetAsync(cancellation);
        await EndAsync(cancellation);
    }

    // The target overrides whatever the key has, which is most likely our own value. The monitor requests the comparison again.
    private bool CanCompareLater(bool overridden) => overridden && LeftTo is null && EventIsProbablyOwn;

    private async ValueTask<ForeignWrite?> CompareAsync(Kib target, bool overridden, CancellationToken cancellation)
    {
        var value = await key.ReadAsync(cancellation);
        var wasWatching = _hasCompared;
        _hasCompared = true;
        if (!wasWatching)
            key.AssumeOwn(value, target);
        var foreign = value is not null && key.Own is not null && !key.IsOwn(value);
        if (overridden)
        {
            if (foreign)
                await key.AdoptAsync(value!, cancellation);
            await EndAsync(cancellation);
            return null;
        }
        if (!foreign || value == LeftTo?.Value)
            return LeftTo;
        await StoreRetry.RunAsync(() => store.WriteTextAsync(_path, value!, cancellation), time, cancellation);
        IsReported = false;
        return LeftTo = new ForeignWrite(value!) { Over = key.Own, At = wasWatching ? time.GetUtcNow() : null };
    }

    private async ValueTask EndAsync(CancellationToken cancellation)
    {
        if (LeftTo is null)
            return;
        await StoreRetry.RunAsync(() => store.RemoveIfPresentAsync(_path, cancellation), time, cancellation);
        LeftTo = null;
    }
}
