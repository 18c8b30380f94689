using System.Collections.Concurrent;
using Actors.Xen.Hypercalls;
using Actors.XenStore;

namespace Actors.Xen.Domains;

/// <summary>
/// Which guests are up. A Linux kernel says so once its Xen drivers listen: it writes <c>control/feature-poweroff</c>
/// (drivers/xen/manage.c). The key is the guest's own, and a guest that lies in it deceives itself alone.
/// </summary>
internal sealed class Announcements(IXenStore store)
{
    private readonly ConcurrentDictionary<Guid, int> _up = [];

    public async ValueTask<bool> AnnouncedAsync(DomainRecord record, CancellationToken cancellation)
    {
        if (!DomainStates.MayBeBooting(record) || (_up.TryGetValue(record.Handle, out var domid) && domid == record.Domid))
            return true;
        if (await store.TryReadAsync($"/local/domain/{record.Domid}/control/feature-poweroff", cancellation) is not { Length: > 0 })
            return false;
        _up[record.Handle] = record.Domid;
        return true;
    }
}
