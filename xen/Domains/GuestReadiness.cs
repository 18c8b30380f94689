using System.Collections.Concurrent;
using Actors.Xen.Hypercalls;
using Actors.XenStore;

namespace Actors.Xen.Domains;

/// <summary>
/// Detects when guests have booted. A Linux kernel writes <c>control/feature-poweroff</c> once its Xen drivers are ready (drivers/xen/manage.c).
/// The guest owns this key, but a guest that lies there harms only itself. A restored or migrated guest does not write the key again: it is
/// ready if the host saw it suspend under another domid. A guest that never writes the key counts as ready after it has run for two
/// minutes, in CPU time or in elapsed time.
/// </summary>
internal sealed class GuestReadiness(IXenStore store, TimeProvider time)
{
    private static readonly TimeSpan BootLimit = TimeSpan.FromMinutes(2);

    // A request waits for seconds when xenstored is away. A list of many booting domains must not wait for each of them.
    private static readonly TimeSpan AwayFor = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(int Domid, Guid Handle), long> _firstSeen = [];
    private readonly ConcurrentDictionary<(int Domid, Guid Handle), bool> _ready = [];
    private readonly ConcurrentDictionary<Guid, int> _suspended = [];
    private long _awayAt = long.MinValue;

    public async ValueTask<bool> IsReadyAsync(DomainRecord record, CancellationToken cancellation)
    {
        var domain = (record.Domid, record.Handle);
        var resumed = HasResumed(record);
        if (record.Domid == 0 || _ready.ContainsKey(domain))
            return true;
        if (!resumed && !HasRunLongEnough(record, domain) && !await HasReadyKeyAsync(record.Domid, cancellation))
            return false;
        _ready[domain] = true;
        return true;
    }

    /// <summary>Forgets domains that no longer exist, because their domids will be reused.</summary>
    public void Keep(IReadOnlySet<(int Domid, Guid Handle)> alive)
    {
        foreach (var domain in _firstSeen.Keys.Concat(_ready.Keys).Where(domain => !alive.Contains(domain)))
        {
            _firstSeen.TryRemove(domain, out _);
            _ready.TryRemove(domain, out _);
        }
    }

    // The same domid again means that a save failed or left the guest running.
    private bool HasResumed(DomainRecord record)
    {
        if (record.Suspended)
            _suspended[record.Handle] = record.Domid;
        return !record.Suspended && _suspended.TryRemove(record.Handle, out var before) && before != record.Domid;
    }

    private bool HasRunLongEnough(DomainRecord record, (int, Guid) domain) =>
        record.CpuTime >= (ulong)BootLimit.TotalNanoseconds
        || time.GetElapsedTime(_firstSeen.GetOrAdd(domain, static (_, clock) => clock.GetTimestamp(), time)) >= BootLimit;

    private async ValueTask<bool> HasReadyKeyAsync(int domid, CancellationToken cancellation)
    {
        if (Volatile.Read(ref _awayAt) is var at && at != long.MinValue && time.GetElapsedTime(at) < AwayFor)
            return false;
        try
        {
            return await store.TryReadAsync($"/local/domain/{domid}/control/feature-poweroff", cancellation) is { Length: > 0 };
        }
        catch (XenStoreException)
        {
            return false;
        }
        catch (XenStoreConnectionException)
        {
            Volatile.Write(ref _awayAt, time.GetTimestamp());
            return false;
        }
    }
}
