using System.Collections.Concurrent;
using System.Globalization;
using Actors.Sdk;
using Actors.Xen.Hypercalls;

namespace Actors.Xen.Paging;

/// <summary>The pagers of this host, and the folder of their page files.</summary>
/// <param name="services">The services that the pagers use.</param>
/// <param name="built">Whether the hypervisor is built with paging.</param>
internal sealed class XenPagers(PagerServices services, bool built)
{
    /// <summary>The folder that Xen's own tools use.</summary>
    public const string StandardFolder = "/var/lib/xen/xenpaging";

    private const string Prefix = "actors-";

    private readonly ConcurrentDictionary<(int Domid, Guid Handle), XenPaging> _pagers = [];

    public bool Any => !_pagers.IsEmpty;

    /// <summary>The reason if a domain cannot be paged; <see langword="null"/> if a pager may be started.</summary>
    public string? WhyNot(DomainRecord record, long onDemand) =>
        PagerReasons.Unsupported(record, onDemand) ?? (built ? null : PagerReasons.NotBuilt) ?? services.Program.WhyNot;

    public XenPaging Of(DomainRecord record) => _pagers.GetOrAdd((record.Domid, record.Handle), static (domain, pagers) => pagers.Make(domain.Domid), this);

    /// <summary>
    /// Removes the page files of domains that no longer exist, including those from earlier hosts, and ends pagers whose domain no longer exists.
    /// </summary>
    public void RemoveStale(IReadOnlySet<(int Domid, Guid Handle)> alive, Action<string> log)
    {
        foreach (var domain in _pagers.Keys.Where(domain => !alive.Contains(domain)))
            _pagers.TryRemove(domain, out _);
        if (!Directory.Exists(services.PageFiles.Path))
            return;
        var kept = _pagers.Keys.Select(domain => domain.Domid).ToHashSet();
        foreach (var file in Directory.EnumerateFiles(services.PageFiles.Path, $"{Prefix}*"))
        {
            var number = Path.GetFileNameWithoutExtension(file)[Prefix.Length..];
            if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var domid) || kept.Contains(domid))
                continue;
            var pager = services.Program.Find(domid);
            if (pager is not null && alive.Any(domain => domain.Domid == domid))
                continue;
            pager?.Terminate();
            File.Delete(file);
            log($"removed {file}: {(pager is null ? "no pager uses it" : "its domain no longer exists")}");
        }
    }

    /// <summary>
    /// Checks the pagers, and ends those that were released and have paged everything in by now.
    /// </summary>
    /// <returns>The pagers that ended unexpectedly since the last check, with the reason. A pager that ends with its domain is not reported.</returns>
    public async ValueTask<IReadOnlyList<(int Domid, string Why)>> CheckAsync(CancellationToken cancellation)
    {
        var ended = new List<(int, string)>();
        foreach (var pager in _pagers.Values)
        {
            if (services.GetDomain(pager.Domid) is not { } record || (record.Flags & (DomainRecord.Dying | DomainRecord.Shutdown)) != 0)
                continue;
            if (pager.UnexpectedEnd() is { } why)
                ended.Add((pager.Domid, why));
            if (pager is { Draining: true, Running: true })
                await (record.PagedPages == 0 ? pager.EndAsync(cancellation) : pager.DrainAsync(record, cancellation));
        }
        return ended;
    }

    private XenPaging Make(int domid)
    {
        Directory.CreateDirectory(services.PageFiles.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var file = Path.Combine(services.PageFiles.Path, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{domid}"));
        return new XenPaging(domid, services, new PagerFiles($"{file}.page", $"{file}.log", $"{file}.page-ins"), Refusal);
    }

    // All pages of the domain may be paged out, and a pager ends if its disk becomes full.
    private string? Refusal(int domid)
    {
        var record = services.GetDomain(domid) ?? throw new DomainGoneException(domid);
        if (record.PagedPages > 0)
            return PagerReasons.PagesLost(record.PagedPages);
        var promised = _pagers.Values.Where(pager => pager.Domid != domid && pager.Running)
            .Aggregate(Kib.Zero, (sum, pager) => sum + MayStillWrite(pager));
        return PageFileFolder.WhyNot(services.PageFiles.Free(), new Pages(record.TotPages).ToKib(), promised, services.PageFiles.Path);
    }

    private Kib MayStillWrite(XenPaging pager) =>
        services.GetDomain(pager.Domid) is { } record ? Kib.Max(Kib.Zero, new Pages(record.TotPages + record.PagedPages).ToKib() - pager.Files.PageFileLength) : Kib.Zero;
}
