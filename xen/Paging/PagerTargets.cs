using System.Globalization;
using Actors.Sdk;
using Actors.Xen.Hypercalls;
using Actors.XenStore;

namespace Actors.Xen.Paging;

/// <summary>The keys in xenstore that concern xenpaging (tools/xenpaging/xenpaging.c).</summary>
internal sealed class PagerTargets(IXenStore store, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Makes the pager page in as much as the host has memory for.</summary>
    /// <param name="record">The domain.</param>
    /// <param name="available">The free memory of the host above its reserve.</param>
    /// <param name="slowly">Whether the pager must not use a whole CPU while it waits, as it does with the target 0. The pager reads an int.</param>
    /// <param name="cancellation">Cancels the write.</param>
    public ValueTask PageInAsync(DomainRecord record, Kib available, bool slowly, CancellationToken cancellation)
    {
        var level = available < new Pages(record.PagedPages).ToKib() ? (new Pages(record.TotPages).ToKib() + available).Value : slowly ? int.MaxValue : 0;
        return WriteAsync(record.Domid, level.ToString(CultureInfo.InvariantCulture), cancellation);
    }

    /// <summary>The static-max of the domain; <see langword="null"/> if the toolstack has not written it.</summary>
    public async ValueTask<Kib?> StaticMaxAsync(int domid, CancellationToken cancellation) =>
        long.TryParse(await store.TryReadTextAsync(Path(domid, DomainKeys.StaticMax), cancellation), NumberStyles.None, CultureInfo.InvariantCulture, out var kib)
            ? new Kib(kib)
            : null;

    // The pager keeps the pages until it gets its target, so this waits for a xenstored that is away.
    private async ValueTask WriteAsync(int domid, string target, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await store.WriteTextAsync(Path(domid, DomainKeys.PagingTarget), target, cancellation);
                return;
            }
            catch (XenStoreConnectionException)
            {
                await Task.Delay(Pause, time, cancellation);
            }
        }
    }

    private static string Path(int domid, string key) => string.Create(CultureInfo.InvariantCulture, $"/local/domain/{domid}/{key}");
}
