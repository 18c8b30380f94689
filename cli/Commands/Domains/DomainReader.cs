using System.Globalization;
using Actors.Cli.CommandLine;
using Actors.Cli.Control;
using Actors.Dispatch.Retries;
using Actors.Dispatch.Snapshots;
using Actors.Dispatch.State;
using Actors.XenStore;

namespace Actors.Cli.Commands.Domains;

/// <summary>Reads what <c>actors list</c> shows of each domain.</summary>
internal sealed class DomainReader(IXenStore store, PublishedHost host)
{
    // xenstored answers in order, so that more requests at a time only delay those of others.
    private const int AtATime = 16;

    /// <param name="footprints">The current footprints; <see langword="null"/> if they are not available.</param>
    /// <param name="cancellation">Cancels the requests.</param>
    public async Task<IReadOnlyList<DomainLine>> ReadAsync(CurrentFootprints? footprints, CancellationToken cancellation)
    {
        var named = await StoreOptions.DomainsAsync(store, cancellation);
        var unnamed = footprints?.Domids.Except(named.Select(domain => domain.Domid)).Select(domid => (Domid: domid, Name: "")) ?? [];
        var lines = new List<DomainLine>();
        foreach (var some in named.Concat(unnamed).Order().Chunk(AtATime))
            lines.AddRange(await Task.WhenAll(some.Select(domain => ReadAsync(domain.Domid, domain.Name, footprints, cancellation))));
        return lines;
    }

    private async Task<DomainLine> ReadAsync(int domid, string name, CurrentFootprints? footprints, CancellationToken cancellation)
    {
        var state = await StateStore.TryReadAsync(store, domid, cancellation);
        var waiting = await WaitingStore.TryReadAsync(store, domid, cancellation);
        var snapshot = await SnapshotReader.ReadKeysAsync(store, domid, known: null, cancellation);
        return new DomainLine(
            domid, name, Number(snapshot.Target),
            footprints is null ? state?.Footprint?.Value : footprints.Of(domid)?.Value,
            snapshot.Settings.Actor, state?.Outcome, state?.Actor, state?.Step ?? 0, Time(state?.Since), state?.Reason)
        {
            FootprintIsCurrent = footprints is not null,
            PageInsPerSecond = state?.PageIns ?? 0,
            WaitingFor = waiting is null ? null : WaitingText.NamesOf(waiting.Lack.Kinds),
            WaitingSince = Time(waiting?.Since),
            StaticMaxKib = Number(snapshot.StaticMax),
            Settings = await SettingsView.ReadAsync(store, snapshot, host, cancellation),
        };
    }

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var kib) ? kib : null;

    private static string? Time(DateTimeOffset? time) => time?.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
