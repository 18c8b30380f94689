using System.CommandLine;
using System.Globalization;
using Actors.Cli.CommandLine;
using Actors.Cli.Control;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Retries;
using Actors.Dispatch.Snapshots;
using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Cli.Commands;

/// <summary><c>actors list</c>: shows all domains with their targets and outcomes.</summary>
internal static class ListCommand
{
    public static Command Make()
    {
        var store = new StoreOptions();
        var command = new Command("list", "Show all domains with target, footprint, actor and outcome");
        store.AddTo(command);
        command.SetAction((arguments, cancellation) => Terminal.GuardAsync(async () =>
        {
            await using var connection = await store.ConnectAsync(arguments, cancellation);
            var lines = new List<DomainLine>();
            var host = await PublishedHost.ReadAsync(connection, cancellation);
            var (footprints, whyNot) = host.Running ? await CurrentFootprints.ReadAsync(host, cancellation) : (null, null);
            var named = await StoreOptions.DomainsAsync(connection, cancellation);
            var unnamed = footprints?.Domids.Except(named.Select(domain => domain.Domid)).Select(domid => (domid, "")) ?? [];
            foreach (var (domid, name) in named.Concat(unnamed).Order())
            {
                var line = await ReadAsync(connection, domid, name, cancellation);
                if (footprints is not null)
                    line = line with { FootprintKib = footprints.Of(domid)?.Value, FootprintIsCurrent = true };
                var needsSettings = store.Json(arguments) || (line.ActorKey is null && host.Classes.All.Count > 0);
                lines.Add(needsSettings ? await WithSettingsAsync(line, host, connection, cancellation) : line);
            }
            if (!host.Running)
                Terminal.Message("no actors daemon is running here; the table shows the last known state");
            else if (whyNot is not null)
                Terminal.Message($"the footprints are those of the last known states: {whyNot}");
            foreach (var plugin in await PluginKeys.QuarantinedAsync(connection, cancellation))
                Terminal.Message($"plugin '{plugin}' is quarantined; 'actors plugin list' shows why, 'actors plugin reload {plugin}' puts it back into service");
            if (store.Json(arguments))
                Terminal.Json<IReadOnlyList<DomainLine>>(lines, CommandJson.Default.IReadOnlyListDomainLine);
            else
                Terminal.Table(["domid", "name", "target", "footprint", "actor key", "outcome", "by", "reason"], lines.Select(Row));
            return ExitCode.Ok;
        }));
        return command;
    }

    private static async Task<DomainLine> ReadAsync(IXenStore store, int domid, string name, CancellationToken cancellation)
    {
        var target = await store.TryReadTextAsync(PolicyKeys.Of(domid, PolicyKeys.Target), cancellation);
        var key = await store.TryReadTextAsync(PolicyKeys.Of(domid, PolicyKeys.Actor), cancellation);
        var state = await StateStore.TryReadAsync(store, domid, cancellation);
        var waiting = await WaitingStore.TryReadAsync(store, domid, cancellation);
        return new DomainLine(
            domid, name, long.TryParse(target, NumberStyles.None, CultureInfo.InvariantCulture, out var kib) ? kib : null,
            state?.Footprint?.Value, key, state?.Outcome, state?.Actor, state?.Step ?? 0,
            Time(state?.Since), state?.Reason)
        {
            PageInsPerSecond = state?.PageIns ?? 0,
            WaitingFor = waiting is null ? null : WaitingText.NamesOf(waiting.Lack.Kinds),
            WaitingSince = Time(waiting?.Since),
        };
    }

    private static string? Time(DateTimeOffset? time) => time?.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static async Task<DomainLine> WithSettingsAsync(DomainLine line, PublishedHost host, IXenStore store, CancellationToken cancellation)
    {
        var snapshot = await SnapshotReader.ReadKeysAsync(store, line.Domid, known: null, cancellation);
        return line with { Settings = await SettingsView.ReadAsync(store, snapshot, host, cancellation) };
    }

    private static string[] Row(DomainLine line) =>
    [
        line.Domid.ToString(CultureInfo.InvariantCulture),
        line.Name,
        line.TargetKib is { } target ? new Kib(target).ToString() : "-",
        line.FootprintKib is { } footprint ? new Kib(footprint).ToString() : "-",
        line.ActorKey ?? (line.Settings is { Actor: { Value: { } ofClass } } ? $"{ofClass} (class)" : "xl"),
        OutcomeOf(line),
        line.Actor is { Length: > 0 } ? line.Step > 0 ? $"{line.Actor} (step {line.Step})" : line.Actor : "-",
        line.PageInsPerSecond > 0 ? $"thrashing: {ThrashingText.Rate(line.PageInsPerSecond)} ('actors explain' says what helps); {line.Reason}" : line.Reason ?? "",
    ];

    private static string OutcomeOf(DomainLine line) =>
        (line.Outcome ?? "-") + (line.PageInsPerSecond > 0 ? ", thrashing" : "") + (line.WaitingFor is null ? "" : ", waiting");
}
