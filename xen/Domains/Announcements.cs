using System.Collections.Concurrent;
using Actors.Xen.Hypercalls;
using Actors.XenStore;

namespace Actors.Xen.Domains;

/// <summary>
/// Which guests are up. A Linux kernel says so once its Xen drivers listen: it writes <c>control/feature-poweroff</c>
/// (drivers/xen/manage.c). The key is the guest's own, and a guest that lies in it deceives itself alone. One that was restored
/// or has migrated does not say it again: it is up if it was seen to suspend itself here, under another number. Others that never say
/// it are taken to be up when they have run for a while, by the guest's time or by ours.
/// </summary>
internal sealed class Announcements(IXenStore store, TimeProvider time)
{
    private static readonly TimeSpan BootsAtMost = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<(int Domid, Guid Handle), long> _firstSeen = [];
    private readonly ConcurrentDictionary<(int Domid, Guid Handle), bool> _up = [];
    private readonly ConcurrentDictionary<Guid, int> _suspended = [];

    public async ValueTask<bool> AnnouncedAsync(DomainRecord record, CancellationToken cancellation)
    {
        var domain = (record.Domid, record.Handle);
        var goesOn = GoesOn(record);
        if (record.Domid == 0 || _up.ContainsKey(domain))
            return true;
        if (!goesOn && !RanLongEnough(record, domain) && !await SaysSoAsync(record.Domid, cancellation))
            return false;
        _up[domain] = true;
        return true;
    }

    /// <summary>Forgets those that are gone: their numbers will be given again.</summary>
    public void Keep(IReadOnlySet<(int Domid, Guid Handle)> alive)
    {
        foreach (var domain in _firstSeen.Keys.Concat(_up.Keys).Where(domain => !alive.Contains(domain)))
        {
            _firstSeen.TryRemove(domain, out _);
            _up.TryRemove(domain, out _);
        }
    }

    // The same number again was a save that left it running, or failed.
    private bool GoesOn(DomainRecord record)
    {
        if (record.Suspended)
            _suspended[record.Handle] = record.Domid;
        return !record.Suspended && _suspended.TryRemove(record.Handle, out var before) && before != record.Domid;
    }

    private bool RanLongEnough(DomainRecord record, (int, Guid) domain) =>
        record.CpuTime >= (ulong)BootsAtMost.TotalNanoseconds
        || time.GetElapsedTime(_firstSeen.GetOrAdd(domain, static (_, clock) => clock.GetTimestamp(), time)) >= BootsAtMost;

    private async ValueTask<bool> SaysSoAsync(int domid, CancellationToken cancellation)
    {
        try
        {
            return await store.TryReadAsync($"/local/domain/{domid}/control/feature-poweroff", cancellation) is { Length: > 0 };
        }
        catch (Exception error) when (error is XenStoreException or XenStoreConnectionException)
        {
            return false;
        }
    }
}
