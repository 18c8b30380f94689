using System.Globalization;
using Actors.Cli.Control;
using Actors.Dispatch.Domains;
using Actors.Sdk;
using Actors.Sdk.Text;
using Actors.Sim.Recordings;
using Actors.XenStore;

namespace Actors.Host.Recordings;

/// <summary>
/// Takes samples of a host: one listing of the hypervisor, and the keys of each domain in one batch. The name and the maximum of a domain
/// are read once.
/// </summary>
/// <param name="store">The xenstore.</param>
/// <param name="list">Lists all domains.</param>
/// <param name="time">The clock of the samples.</param>
internal sealed class HostSampler(IXenStore store, Func<CancellationToken, Task<HostListing>> list, TimeProvider time)
{
    private const int Dom0 = 0;
    private const int LongestName = 100;

    // xenstored answers in order, so that more requests at a time only delay those of others.
    private const int AtATime = 16;

    private Dictionary<(int Domid, Guid Uuid), (string Name, Kib? StaticMax)> _known = [];

    /// <summary>Takes a sample: one row for each domain, ordered by domid.</summary>
    public async Task<IReadOnlyList<RecordedDomain>> TakeAsync(CancellationToken cancellation)
    {
        var (now, listing) = (time.GetUtcNow(), await list(cancellation));
        var rows = new List<RecordedDomain>();
        foreach (var some in listing.Domains.Chunk(AtATime))
            rows.AddRange(await Task.WhenAll(some.Select(domain => RowAsync(domain, listing, now, cancellation))));
        // What is known about a domain ends with it.
        _known = rows.Where(row => row.Name.Length > 0).ToDictionary(row => (row.Domid, row.Uuid), row => (row.Name, row.StaticMax));
        return rows;
    }

    private async Task<RecordedDomain> RowAsync(ListedDomain domain, HostListing listing, DateTimeOffset now, CancellationToken cancellation)
    {
        var home = PolicyKeys.Domain(domain.Domid);
        var isKnown = _known.TryGetValue((domain.Domid, domain.Uuid), out var known);
        Task<string?> target, actor, balloon, meminfo, pressure, name, staticMax;
        using (store.Batch())
        {
            Task<string?> Read(string key, bool needed = true) => needed ? store.TryReadTextAsync($"{home}/{key}", cancellation).AsTask() : Task.FromResult<string?>(null);
            (target, actor) = (Read($"{PolicyKeys.Folder}/{PolicyKeys.Target}"), Read($"{PolicyKeys.Folder}/{PolicyKeys.Actor}"));
            balloon = Read(DomainKeys.BalloonTarget);
            (meminfo, pressure) = (Read(GuestReportText.Meminfo, domain.Domid != Dom0), Read(GuestReportText.Pressure, domain.Domid != Dom0));
            (name, staticMax) = (Read(PolicyKeys.Name, !isKnown), Read(DomainKeys.StaticMax, !isKnown));
        }
        var footprint = new Kib(domain.FootprintKib);
        return new RecordedDomain
        {
            Time = now,
            Domid = domain.Domid,
            Uuid = domain.Uuid,
            Name = isKnown ? known.Name : Printable.Of(await name, LongestName),
            Kind = Enum.Parse<DomainKind>(domain.Kind),
            State = Enum.Parse<DomainState>(domain.State),
            Footprint = footprint,
            MaxMem = new Kib(domain.MaxMemKib),
            PagedOut = new Kib(domain.PagedOutKib),
            Target = Size(await target),
            Actor = Printable.Of(await actor, LongestName),
            BalloonTarget = Size(await balloon),
            StaticMax = isKnown ? known.StaticMax : Size(await staticMax),
            Report = GuestReportText.Parse(await meminfo, await pressure, footprint + new Kib(domain.PagedOutKib)),
            HostTotal = domain.Domid == Dom0 ? new Kib(listing.TotalKib) : null,
            HostFree = domain.Domid == Dom0 ? new Kib(listing.FreeKib) : null,
        };
    }

    private static Kib? Size(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var kib) ? new Kib(kib) : null;
}
