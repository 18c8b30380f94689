using Actors.Xen.Hypercalls;

namespace Actors.Xen.Paging;

/// <summary>Why a domain cannot be paged. Pure.</summary>
internal static class PagerReasons
{
    public const string NotBuilt = "this hypervisor is built without memory paging (CONFIG_MEM_PAGING)";

    /// <summary>What is known before anything is tried.</summary>
    public static string? For(DomainRecord record)
    {
        if ((record.Flags & DomainRecord.HvmGuest) == 0)
            return $"paging needs hardware-assisted paging (HAP): domain {record.Domid} is PV";
        return (record.Flags & DomainRecord.Hap) == 0
            ? $"paging needs hardware-assisted paging (HAP), and domain {record.Domid} runs on shadow page tables"
            : null;
    }

    /// <summary>What a pager that ended meant by its last words (tools/xenpaging/xenpaging.c, xenpaging_init).</summary>
    public static string OfLog(string log)
    {
        if (log.Contains("Function not implemented", StringComparison.Ordinal) || log.Contains("Operation not supported", StringComparison.Ordinal))
            return NotBuilt;
        var words = log.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .LastOrDefault(line => line.Contains("rror", StringComparison.Ordinal) || line.Contains("xenpaging", StringComparison.Ordinal));
        return words is null ? "xenpaging ended without a word" : $"xenpaging says: {words}";
    }
}
