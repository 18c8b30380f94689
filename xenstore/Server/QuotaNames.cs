using System.Globalization;
using System.Text;
using Actors.XenStore.Embedded;

namespace Actors.XenStore.Server;

/// <summary>The names and descriptions of the quotas in the <c>quota</c> control command of C xenstored.</summary>
internal static class QuotaNames
{
    private static readonly Entry[] All =
    [
        new("nodes", "Nodes per domain", quota => quota.Nodes, (quota, value) => quota.Nodes = value),
        new("watches", "Watches per domain", quota => quota.Watches, (quota, value) => quota.Watches = value),
        new("transactions", "Transactions per domain", quota => quota.Transactions, (quota, value) => quota.Transactions = value),
        new("outstanding", "Outstanding requests per domain", quota => quota.Outstanding, (quota, value) => quota.Outstanding = value),
        new("transaction-nodes", "Max. number of accessed nodes per transaction", quota => quota.TransactionNodes, (quota, value) => quota.TransactionNodes = value),
        new("memory", "Total Xenstore memory per domain (error level)", quota => quota.Memory, (quota, value) => quota.Memory = value),
        new("node-size", "Max. size of a node", quota => quota.NodeSize, (quota, value) => quota.NodeSize = value),
        new("path-max", "Max. length of a node path", quota => quota.PathMax, (quota, value) => quota.PathMax = value),
        new("permissions", "Max. number of permissions per node", quota => quota.Permissions, (quota, value) => quota.Permissions = value),
    ];

    private static readonly Entry[] Soft =
    [
        new("memory", "Total Xenstore memory per domain (warning level)", quota => quota.SoftMemory, (quota, value) => quota.SoftMemory = value),
    ];

    public static string Format(GuestQuota quota) => Format(All, quota);

    public static string FormatSoft(GuestQuota quota) => Format(Soft, quota);

    /// <summary>Sets a quota to a positive decimal number.</summary>
    public static XenStoreError? TrySet(GuestQuota quota, string name, string value) => TrySet(All, quota, name, value);

    /// <summary>Sets a soft quota. It only affects what C xenstored logs.</summary>
    public static XenStoreError? TrySetSoft(GuestQuota quota, string name, string value) => TrySet(Soft, quota, name, value);

    private static string Format(Entry[] entries, GuestQuota quota)
    {
        var text = new StringBuilder("Quota settings:\n");
        foreach (var entry in entries)
            text.Append(CultureInfo.InvariantCulture, $"{entry.Name,-17}: {entry.Get(quota),8} {entry.Description}\n");
        return text.ToString();
    }

    private static XenStoreError? TrySet(Entry[] entries, GuestQuota quota, string name, string value)
    {
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0
            || Array.Find(entries, entry => entry.Name == name) is not { } found)
            return XenStoreError.Invalid;
        found.Set(quota, number);
        return null;
    }

    private sealed record Entry(string Name, string Description, Func<GuestQuota, int> Get, Action<GuestQuota, int> Set);
}
