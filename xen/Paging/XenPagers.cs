using System.Collections.Concurrent;
using System.Globalization;
using Actors.Sdk;
using Actors.Xen.Hypercalls;

namespace Actors.Xen.Paging;

/// <summary>The pagers of this host, and the folder of their page files.</summary>
/// <param name="ground">What they stand on.</param>
/// <param name="built">Whether the hypervisor is built with paging.</param>
internal sealed class XenPagers(PagerGround ground, bool built)
{
    /// <summary>Where Xen's own tools keep them.</summary>
    public const string StandardFolder = "/var/lib/xen/xenpaging";

    private const string Prefix = "actors-";

    private readonly ConcurrentDictionary<(int Domid, Guid Handle), XenPaging> _pagers = [];

    public bool Any => !_pagers.IsEmpty;

    /// <summary>Why a domain cannot be paged; <see langword="null"/> when it may be tried.</summary>
    public string? WhyNot(DomainRecord record, long onDemand) =>
        PagerReasons.For(record, onDemand) ?? (built ? null : PagerReasons.NotBuilt) ?? ground.Program.WhyNot;

    public XenPaging Of(DomainRecord record) => _pagers.GetOrAdd((record.Domid, record.Handle), static (domain, pagers) => pagers.Make(domain.Domid), this);

    /// <summary>
    /// Removes what nobody holds any more: page files of domains that ended, with this host or before it, and pagers that missed the end of theirs.
    /// </summary>
    public void Sweep(IReadOnlySet<(int Domid, Guid Handle)> alive, Action<string> tell)
    {
        foreach (var domain in _pagers.Keys.Where(domain => !alive.Contains(domain)))
            _pagers.TryRemove(domain, out _);
        if (!Directory.Exists(ground.Room.Folder))
            return;
        var kept = _pagers.Keys.Select(domain => domain.Domid).ToHashSet();
        foreach (var file in Directory.EnumerateFiles(ground.Room.Folder, $"{Prefix}*"))
        {
            var number = Path.GetFileNameWithoutExtension(file)[Prefix.Length..];
            if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var domid) || kept.Contains(domid))
                continue;
            var pager = ground.Program.Find(domid);
            if (pager is not null && alive.Any(domain => domain.Domid == domid))
                continue;
            pager?.Terminate();
            File.Delete(file);
            tell($"removed {file}: {(pager is null ? "no pager holds it" : "its domain is gone")}");
        }
    }

    /// <summary>
    /// Looks after the pagers: those that were released and have brought everything in by now are ended.
    /// </summary>
    /// <returns>Those that ended by themselves since the last look, with the reason. A domain's end takes its pager along, and is no news.</returns>
    public async ValueTask<IReadOnlyList<(int Domid, string Why)>> LookAsync(CancellationToken cancellation)
    {
        var ended = new List<(int, string)>();
        foreach (var pager in _pagers.Values)
        {
            if (ground.Ask(pager.Domid) is not { } record || (record.Flags & (DomainRecord.Dying | DomainRecord.Shutdown)) != 0)
                continue;
            if (pager.News() is { } why)
                ended.Add((pager.Domid, why));
            if (pager is { Leaving: true, Running: true } && record.PagedPages == 0)
                await pager.EndAsync(cancellation);
        }
        return ended;
    }

    private XenPaging Make(int domid)
    {
        Directory.CreateDirectory(ground.Room.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var file = Path.Combine(ground.Room.Folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{domid}"));
        return new XenPaging(domid, ground, new PagerFiles($"{file}.page", $"{file}.log"), Refusal);
    }

    // Every page that the domain holds may come to be paged out, and a pager that finds its disk full ends.
    private string? Refusal(int domid)
    {
        var record = ground.Ask(domid) ?? throw new DomainGoneException(domid);
        if (record.PagedPages > 0)
            return PagerReasons.Lost(record.PagedPages);
        var promised = _pagers.Values.Where(pager => pager.Domid != domid && pager.Running)
            .Aggregate(Kib.Zero, (sum, pager) => sum + MayStillWrite(pager));
        return PageFileRoom.WhyNot(ground.Room.Free(), new Pages(record.TotPages).ToKib(), promised, ground.Room.Folder);
    }

    private Kib MayStillWrite(XenPaging pager) =>
        ground.Ask(pager.Domid) is { } record ? Kib.Max(Kib.Zero, new Pages(record.TotPages + record.PagedPages).ToKib() - pager.Files.PageFileLength) : Kib.Zero;
}
