using System.Globalization;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Xen.Paging;

/// <summary>What xenpaging is told through xenstore (tools/xenpaging/xenpaging.c), and what is read there for it.</summary>
internal sealed class PagerOrders(IXenStore store)
{
    /// <summary>Everything is to come in, whatever the target was.</summary>
    public ValueTask BringInAsync(int domid, CancellationToken cancellation) => WriteAsync(domid, "0", cancellation);

    /// <summary>The same, for a pager that may have to wait long: with 0 it takes a whole processor while it does. It reads an int.</summary>
    public ValueTask RestAsync(int domid, CancellationToken cancellation) => WriteAsync(domid, int.MaxValue.ToString(CultureInfo.InvariantCulture), cancellation);

    /// <summary>The most that the domain may ever have, where its toolstack says so.</summary>
    public async ValueTask<Kib?> StaticMaxAsync(int domid, CancellationToken cancellation) =>
        long.TryParse(await store.TryReadTextAsync(Path(domid, DomainKeys.StaticMax), cancellation), NumberStyles.None, CultureInfo.InvariantCulture, out var kib)
            ? new Kib(kib)
            : null;

    private ValueTask WriteAsync(int domid, string target, CancellationToken cancellation) =>
        store.WriteTextAsync(Path(domid, DomainKeys.PagingTarget), target, cancellation);

    private static string Path(int domid, string key) => string.Create(CultureInfo.InvariantCulture, $"/local/domain/{domid}/{key}");
}
