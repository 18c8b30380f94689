using System.Globalization;
using Actors.Dispatch.Domains;
using Actors.XenStore;

namespace Actors.Dispatch;

/// <summary>
/// The watches behind the mailboxes: the list of domains, and the keys of each domain. The daemon of xenstore can reject a watch after a
/// reconnection, and then the watch is gone until <see cref="RenewAsync"/> adds it again.
/// </summary>
internal sealed class DomainWatches(IWatchQueue queue)
{
    /// <summary>The token of the events that announce another list of domains. The token of a domain's keys is its domid.</summary>
    public const string DomainsToken = "domains";

    private readonly HashSet<(string Path, string Token)> _watches = [];

    public async ValueTask StartAsync(CancellationToken cancellation)
    {
        await AddAsync("@introduceDomain", DomainsToken, cancellation);
        await AddAsync("@releaseDomain", DomainsToken, cancellation);
    }

    public async ValueTask FollowAsync(int domid, CancellationToken cancellation)
    {
        try
        {
            foreach (var path in PathsOf(domid))
                await AddAsync(path, Token(domid), cancellation);
        }
        catch
        {
            await LeaveAsync(domid);
            throw;
        }
    }

    public async ValueTask LeaveAsync(int domid)
    {
        foreach (var path in PathsOf(domid).Where(path => _watches.Remove((path, Token(domid)))))
            await queue.RemoveIfPresentAsync(path, Token(domid));
    }

    /// <summary>Adds every watch that is missing. A watch that is added fires at once, so no change is overlooked.</summary>
    /// <exception cref="XenStoreException">The store still rejects a watch; the others were added.</exception>
    public ValueTask RenewAsync(CancellationToken cancellation) => queue.AddMissingAsync(_watches, cancellation);

    private async ValueTask AddAsync(string path, string token, CancellationToken cancellation)
    {
        await queue.AddIfMissingAsync(path, token, cancellation);
        _watches.Add((path, token));
    }

    // xenstored compares every write of any program with every watch, so a domain has one, although its guest and its devices cause events, too.
    // Below dom0 are the devices of all guests.
    private static string[] PathsOf(int domid) => domid == 0 ? [PolicyKeys.Of(0), $"{PolicyKeys.Domain(0)}/{DomainEvents.Memory}"] : [PolicyKeys.Domain(domid)];

    private static string Token(int domid) => domid.ToString(CultureInfo.InvariantCulture);
}
