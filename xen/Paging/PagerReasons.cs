using Actors.Sdk;
using Actors.Xen.Hypercalls;

namespace Actors.Xen.Paging;

/// <summary>Explains why a domain cannot be paged, or why its pager failed. Pure.</summary>
internal static class PagerReasons
{
    public const string NotBuilt = "this hypervisor is built without memory paging (CONFIG_MEM_PAGING)";

    private const string Summary = "Error initialising paging";

    /// <summary>The reason that is known before a pager is started; <see langword="null"/> if there is none.</summary>
    public static string? Unsupported(DomainRecord record, long onDemand)
    {
        if ((record.Flags & DomainRecord.HvmGuest) == 0)
            return $"paging needs hardware-assisted paging (HAP): domain {record.Domid} is PV";
        if ((record.Flags & DomainRecord.Hap) == 0)
            return $"paging needs hardware-assisted paging (HAP), and domain {record.Domid} runs on shadow page tables";
        return onDemand > 0
            ? $"domain {record.Domid} has {new Pages(onDemand).ToKib()} to be populated on demand, and Xen allows no pager then; start the domain with 'memory' equal to 'maxmem'"
            : null;
    }

    /// <summary>The reason if a pager died. Only the pager knew which page is where in its file, and the next pager starts with an empty file.</summary>
    public static string PagesLost(long pages) =>
        $"{new Pages(pages).ToKib()} were paged out by a pager that died, and are lost: the guest crashes when it touches them. "
        + "A new pager cannot restore them; restart the guest";

    /// <summary>The reason if a pager ended because its disk is full. In that case the log may be empty, too.</summary>
    public static string? DiskFull(string log, PageFileFolder folder) =>
        log.Contains("No space left on device", StringComparison.Ordinal) || (log.Length == 0 && folder.Free() == Kib.Zero)
            ? $"the disk of {folder.Path} is full; free some space there"
            : null;

    /// <summary>The reason for which a pager ended, from its log (tools/xenpaging/xenpaging.c, xenpaging_init).</summary>
    public static string FromLog(string log)
    {
        if (log.Contains("Function not implemented", StringComparison.Ordinal))
            return NotBuilt;
        // xenpaging writes the text of an error number on a separate line.
        var lines = log.Replace("\n:", ":", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var errors = lines.Where(line => line.Contains("rror", StringComparison.Ordinal) || line.Contains("xenpaging", StringComparison.Ordinal)).ToList();
        // The last line only says that xenpaging failed. The lines before say why.
        var line = errors.LastOrDefault(error => !error.StartsWith(Summary, StringComparison.Ordinal)) ?? lines.LastOrDefault();
        return line is null ? "xenpaging ended without a message" : $"xenpaging: {line}";
    }

    public static string StartTimedOut(TimeSpan limit) => $"xenpaging did not start within {limit.TotalSeconds:0} s";

    /// <summary>Whether the hypervisor reports that the domain already has a pager, alive or dead.</summary>
    public static bool IsRingInUse(string reason) => reason.Contains("is (or was) active on this domain", StringComparison.Ordinal);

    /// <summary>Whether another attempt would fail in the same way, because the domain or the hypervisor does not support paging.</summary>
    public static bool IsPermanent(string reason) =>
        reason == NotBuilt || reason.Contains("not supported", StringComparison.Ordinal) || reason.Contains("requires Hardware", StringComparison.Ordinal);

    /// <summary>The reason if pages cannot be paged in.</summary>
    public static string NotPagedIn(DomainRecord record, Kib free)
    {
        var (missing, room) = (new Pages(record.PagedPages).ToKib(), new Pages(record.MaxPages - record.TotPages).ToKib());
        var why = free < missing ? $"the host has {free} of free memory above its reserve; free some (stop a guest, or lower a target)"
            : room < missing ? $"the domain's max_mem leaves only {room}; raise it (xl mem-max)"
            : "check the pager's log";
        return $"{missing} are still paged out and cannot be paged in: {why}; the pager keeps running until they are";
    }
}
