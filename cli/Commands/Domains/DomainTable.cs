using System.Globalization;
using Actors.Cli.Control;
using Actors.Cli.Presentation;
using Actors.Dispatch.State;
using Actors.Sdk;

namespace Actors.Cli.Commands.Domains;

/// <summary>The table of <c>actors list</c>.</summary>
/// <param name="units">The units of the amounts on a terminal.</param>
/// <param name="everyReason">Whether all reasons are shown, and not only those of domains that need attention.</param>
/// <param name="now">The current time, for ages.</param>
internal sealed class DomainTable(Units units, bool everyReason, DateTimeOffset now)
{
    private static readonly IReadOnlyList<Column> Columns =
    [
        new("ID") { AlignRight = true, Drop = 1 },
        new("NAME") { Narrowest = 16, Widest = 32 },
        new("STATE"),
        new("NOW") { PipeTitle = "NOW_KIB", AlignRight = true },
        new("TARGET") { PipeTitle = "TARGET_KIB", AlignRight = true },
        new("FLOOR") { PipeTitle = "FLOOR_KIB", AlignRight = true, Drop = 5 },
        new("MAX") { PipeTitle = "MAX_KIB", AlignRight = true, Drop = 4 },
        new("ACTOR KEY") { Drop = 6, Narrowest = 9, Widest = 32 },
        new("BY") { Drop = 2, Narrowest = 16, Widest = 32 },
        new("AGE") { PipeTitle = "SINCE", AlignRight = true, Drop = 3 },
    ];

    public Table Of(IReadOnlyList<DomainLine> lines) => new(Columns, "REASON", [.. lines.Select(Row)]);

    /// <summary>The last line on a terminal: what needs attention, and where the host's memory is.</summary>
    public string Total(IReadOnlyList<DomainLine> lines, HostTotals? host)
    {
        var attention = lines.Count(DomainOrder.NeedsAttention);
        var text = string.Create(CultureInfo.InvariantCulture, $"{lines.Count} {(lines.Count == 1 ? "domain" : "domains")}, {(attention == 0 ? "none" : attention)} {(attention is 1 or 0 ? "needs" : "need")} attention.");
        if (host is null)
            return text;
        var domains = lines.Sum(line => line.FootprintKib ?? 0);
        string Amount(long kib) => Amounts.Text(new Kib(Math.Max(0, kib)), units);
        var hypervisor = host.TotalKib - host.FreeKib - domains;
        var free = new[] { host.ClaimedKib > 0 ? $"{Amount(host.ClaimedKib)} claimed" : "", host.ReserveKib > 0 ? $"{Amount(host.ReserveKib)} reserved" : "" }.Where(part => part.Length > 0).ToList();
        return $"{text} Host {Amount(host.TotalKib)}: domains {Amount(domains)}, {(hypervisor > 0 ? $"hypervisor {Amount(hypervisor)}, " : "")}"
            + $"free {Amount(host.FreeKib)}{(free.Count > 0 ? $" ({string.Join(", ", free)})" : "")}.";
    }

    private TableRow Row(DomainLine line) => new(
        [
            Cell.Of(line.Domid.ToString(CultureInfo.InvariantCulture)),
            Cell.Of(line.Name),
            Cell.Of(State(line), ToneOf(line)),
            Amounts.Cell(line.FootprintKib, units),
            Amounts.Cell(line.TargetKib, units),
            Amounts.Cell(line.Settings?.FloorKib.Value, units),
            Amounts.Cell(line.StaticMaxKib, units),
            Cell.Of(line.ActorKey ?? (line.Settings is { Actor: { Value: { } ofClass } } ? $"{ofClass} (class)" : "xl")),
            line.Actor is { Length: > 0 } actor ? Cell.Of(Outcomes.By(actor, line.Step)) : Cell.None,
            line.Since is { } since ? new Cell(Age(since), since) : Cell.None,
        ],
        line.PageInsPerSecond > 0 ? $"thrashing: {ThrashingText.Rate(line.PageInsPerSecond)} ('actors explain' says what helps); {line.Reason}" : line.Reason ?? "",
        everyReason || DomainOrder.NeedsAttention(line));

    private static string State(DomainLine line) =>
        (line.Outcome ?? "-") + (line.PageInsPerSecond > 0 ? ", thrashing" : "") + (DomainOrder.Waits(line) ? ", waiting" : "");

    private static Tone ToneOf(DomainLine line) =>
        Outcomes.ToneOf(line.Outcome) switch
        {
            Tone.Trouble => Tone.Trouble,
            _ when DomainOrder.NeedsAttention(line) => Tone.Warning,
            var tone => tone,
        };

    private string Age(string since)
    {
        var age = now - DateTimeOffset.Parse(since, CultureInfo.InvariantCulture);
        return age switch
        {
            { TotalSeconds: < 0 } => "0s",
            { TotalSeconds: < 100 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalSeconds}s"),
            { TotalMinutes: < 100 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalMinutes}m"),
            { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalHours}h"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalDays}d"),
        };
    }
}
