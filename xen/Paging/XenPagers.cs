using System.Collections.Concurrent;
using System.Globalization;
using Actors.Sdk;
using Actors.Xen.Hypercalls;

namespace Actors.Xen.Paging;

/// <summary>The pagers of this host, and the folder of their page files.</summary>
/// <param name="program">Starts and finds them.</param>
/// <param name="room">Where their page files are.</param>
/// <param name="time">All time.</param>
/// <param name="built">Whether the hypervisor is built with paging.</param>
/// <param name="ask">What the hypervisor says of a domain.</param>
internal sealed class XenPagers(IPagingProgram program, PageFileRoom room, TimeProvider time, bool built, Func<int, DomainRecord?> ask)
{
    /// <summary>Where Xen's own tools keep them.</summary>
    public const string StandardFolder = "/var/lib/xen/xenpaging";

    private const string Prefix = "actors-";

    private readonly ConcurrentDictionary<(int Domid, Guid Handle), XenPaging> _pagers = [];

    /// <summary>Why a domain cannot be paged; <see langword="null"/> when it may be tried.</summary>
    public string? WhyNot(DomainRecord record, long onDemand) =>
        PagerReasons.For(record, onDemand) ?? (built ? null : PagerReasons.NotBuilt) ?? program.WhyNot;

    public XenPaging Of(DomainRecord record) => _pagers.GetOrAdd((record.Domid, record.Handle), static (domain, pagers) => pagers.Make(domain.Domid), this);

    /// <summary>
    /// Removes what nobody holds any more: page files of domains that ended, with this host or before it, and pagers that missed the end of theirs.
    /// </summary>
    public void Sweep(IReadOnlySet<(int Domid, Guid Handle)> alive, Action<string> tell)
    {
        foreach (var domain in _pagers.Keys.Where(domain => !alive.Contains(domain)))
            _pagers.TryRemove(domain, out _);
        if (!Directory.Exists(room.Folder))
            return;
        var kept = _pagers.Keys.Select(domain => domain.Domid).ToHashSet();
        foreach (var file in Directory.EnumerateFiles(room.Folder, $"{Prefix}*"))
        {
            var number = Path.GetFileNameWithoutExtension(file)[Prefix.Length..];
            if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var domid) || kept.Contains(domid))
                continue;
            var pager = program.Find(domid);
            if (pager is not null && alive.Any(domain => domain.Domid == domid))
                continue;
            pager?.Terminate();
            File.Delete(file);
            tell($"removed {file}: {(pager is null ? "no pager holds it" : "its domain is gone")}");
        }
    }

    private XenPaging Make(int domid)
    {
        Directory.CreateDirectory(room.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var file = Path.Combine(room.Folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{domid}"));
        return new XenPaging(domid, program, new PagerFiles($"{file}.page", $"{file}.log"), time, Refusal);
    }

    // Every page that the domain holds may come to be paged out, and a pager that finds its disk full stands still.
    private string? Refusal(int domid)
    {
        var record = ask(domid) ?? throw new DomainGoneException(domid);
        if (record.PagedPages > 0)
            return PagerReasons.Lost(record.PagedPages);
        var promised = _pagers.Values.Where(pager => pager.Domid != domid && pager.Running)
            .Aggregate(Kib.Zero, (sum, pager) => sum + MayStillWrite(pager));
        return PageFileRoom.WhyNot(room.Free(), new Pages(record.TotPages).ToKib(), promised, room.Folder);
    }

    private Kib MayStillWrite(XenPaging pager) =>
        ask(pager.Domid) is { } record ? Kib.Max(Kib.Zero, new Pages(record.TotPages + record.PagedPages).ToKib() - pager.Files.PageFileLength) : Kib.Zero;
}
