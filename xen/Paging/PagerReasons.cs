using Actors.Sdk;
using Actors.Xen.Hypercalls;

namespace Actors.Xen.Paging;

/// <summary>Why a domain cannot be paged. Pure.</summary>
internal static class PagerReasons
{
    public const string NotBuilt = "this hypervisor is built without memory paging (CONFIG_MEM_PAGING)";

    private const string Summary = "Error initialising paging";

    /// <summary>What is known before anything is tried.</summary>
    public static string? For(DomainRecord record, long onDemand)
    {
        if ((record.Flags & DomainRecord.HvmGuest) == 0)
            return $"paging needs hardware-assisted paging (HAP): domain {record.Domid} is PV";
        if ((record.Flags & DomainRecord.Hap) == 0)
            return $"paging needs hardware-assisted paging (HAP), and domain {record.Domid} runs on shadow page tables";
        return onDemand > 0
            ? $"domain {record.Domid} has {new Pages(onDemand).ToKib()} to be populated on demand, and no pager may run beside that; start it with 'memory' equal to 'maxmem'"
            : null;
    }

    /// <summary>A pager keeps in its own memory alone which page lies where in its file, and the next one begins with an empty file.</summary>
    public static string Lost(long pages) =>
        $"{new Pages(pages).ToKib()} were paged out by a pager that died, and are lost with it: the guest crashes as soon as it touches them; "
        + "no new pager can bring them back, so restart the guest";

    /// <summary>Whether a pager ended for its full disk, on which its words may have found no room either.</summary>
    public static string? DiskFull(string log, PageFileRoom room) =>
        log.Contains("No space left on device", StringComparison.Ordinal) || (log.Length == 0 && room.Free() == Kib.Zero)
            ? $"the disk of {room.Folder} is full; free some space there"
            : null;

    /// <summary>What a pager that ended meant by its last words (tools/xenpaging/xenpaging.c, xenpaging_init).</summary>
    public static string OfLog(string log)
    {
        if (log.Contains("Function not implemented", StringComparison.Ordinal))
            return NotBuilt;
        // What an error number means, it says on a line of its own.
        var lines = log.Replace("\n:", ":", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var errors = lines.Where(line => line.Contains("rror", StringComparison.Ordinal) || line.Contains("xenpaging", StringComparison.Ordinal)).ToList();
        // Its very last words only say that it failed; those before say why.
        var words = errors.LastOrDefault(line => !line.StartsWith(Summary, StringComparison.Ordinal)) ?? lines.LastOrDefault();
        return words is null ? "xenpaging ended without a word" : $"xenpaging says: {words}";
    }

    public static string BeginsTooLate(TimeSpan limit) => $"xenpaging has not begun within {limit.TotalSeconds:0} s";

    /// <summary>Whether the hypervisor takes the domain to have a pager already, be it dead.</summary>
    public static bool IsHeld(string reason) => reason.Contains("is (or was) active on this domain", StringComparison.Ordinal);

    /// <summary>Whether another attempt could only end alike: it is the domain, or the hypervisor, that cannot.</summary>
    public static bool IsForGood(string reason) =>
        reason == NotBuilt || reason.Contains("not supported", StringComparison.Ordinal) || reason.Contains("requires Hardware", StringComparison.Ordinal);

    /// <summary>Why pages do not come in.</summary>
    public static string StaysOut(DomainRecord record, Kib free)
    {
        var (missing, room) = (new Pages(record.PagedPages).ToKib(), new Pages(record.MaxPages - record.TotPages).ToKib());
        var why = free < missing ? $"the host has {free} of free memory; give it more (end a guest, or lower a target)"
            : room < missing ? $"the domain's max_mem leaves room for {room}; raise it (xl mem-max)"
            : "look at the pager's log";
        return $"{missing} are still paged out and do not come in: {why}; the pager stays until they have";
    }
}
