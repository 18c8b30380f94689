using System.Globalization;
using System.Text;
using Actors.XenStore.Embedded;

namespace Actors.XenStore.Server;

/// <summary>The memory report of the <c>memreport</c> control command.</summary>
internal static class MemoryReport
{
    /// <summary>Lists the nodes, watches, transactions and bytes of each domain. The caller must hold the lock.</summary>
    public static string Of(EmbeddedXenStore store)
    {
        var report = new StringBuilder("xenstore memory report\n");
        foreach (var domain in store.Domains.All.OrderBy(domain => domain.Domid))
            report.Append(
                CultureInfo.InvariantCulture,
                $"domain {domain.Domid}: {domain.Nodes} nodes, {domain.Watches} watches, "
                + $"{domain.Sessions.Sum(session => session.Transactions.Count)} transactions, "
                + $"{domain.Sessions.Count} connections, {domain.Memory} bytes\n");
        return report.Append(CultureInfo.InvariantCulture, $".NET heap: {GC.GetTotalMemory(forceFullCollection: false)} bytes").ToString();
    }
}
