using System.Globalization;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Xen.Paging;

/// <summary>The keys in xenstore that concern xenpaging (tools/xenpaging/xenpaging.c).</summary>
internal sealed class PagerTargets(IXenStore store, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Makes the pager page everything in.</summary>
    public ValueTask PageInAsync(int domid, CancellationToken cancellation) => WriteAsync(domid, "0", cancellation);

    /// <summary>Makes the pager page everything in, without using a whole CPU while it waits, as it does with the target 0. The pager reads an int.</summary>
    public ValueTask RequestSlowPageInAsync(int domid, CancellationToken cancellation) => WriteAsync(domid, int.MaxValue.ToString(CultureInfo.InvariantCulture), cancellation);

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
