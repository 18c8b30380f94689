using System.Globalization;
using Actors.Cli.Presentation;
using Actors.Dispatch.State;
using Actors.Sdk;

namespace Actors.Host.Demo;

/// <summary>Shows the progress of the demo, and its results as a table.</summary>
internal sealed class DemoView(Screen screen)
{
    private static readonly IReadOnlyList<Column> Columns =
    [
        new("ID") { AlignRight = true },
        new("NAME"),
        new("KIND") { Drop = 1 },
        new("OUTCOME"),
        new("NOW") { PipeTitle = "NOW_KIB", AlignRight = true },
        new("TARGET") { PipeTitle = "TARGET_KIB", AlignRight = true },
        new("BY"),
        new("SECONDS") { AlignRight = true },
        new("LOST") { PipeTitle = "LOST_PERCENT", AlignRight = true },
        new("P95") { PipeTitle = "P95_PERCENT", AlignRight = true, Drop = 2 },
    ];

    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(10);

    private readonly Dictionary<int, (TimeSpan At, string Actor)> _lastProgress = [];

    public void Begin()
    {
        screen.Print("", "A simulated Xen host with five domains. The toolstack sets the target of each to half of its memory by writing /local/domain/X/memory-policy/target. Time is simulated.");
        screen.Print();
    }

    /// <summary>Shows a line of the simulator's trace: the time in seconds, and the event.</summary>
    public void Traced(string line)
    {
        // The state of the balloon actor already shows what the balloon drivers do.
        if (line.Contains(") balloon ", StringComparison.Ordinal))
            return;
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var time = double.Parse(line.AsSpan(0, space), CultureInfo.InvariantCulture);
        Line(TimeSpan.FromSeconds(time), Tone.Muted, line[(space + 1)..]);
    }

    public void StateChanged(TimeSpan at, DomainIdentity domain, StateKey state)
    {
        var by = Outcomes.By(state.Actor, state.Step);
        var where = $"{state.Footprint} of target {state.Target}";
        if (state.Final)
        {
            Line(at, Outcomes.ToneOf(state.Outcome), $"{domain.Name}: {state.Outcome}{(state.Target is null ? "" : $" by {by}, at {where}")}: {state.Reason}");
        }
        else if (!_lastProgress.TryGetValue(domain.Domid, out var last) || last.Actor != state.Actor || at - last.At >= ProgressEvery)
        {
            _lastProgress[domain.Domid] = (at, state.Actor);
            Line(at, Tone.Active, $"{domain.Name}: {by} is working, at {where}");
        }
    }

    /// <summary>Shows that the pager gives pages back while the balloon catches up.</summary>
    public void Relaxing(TimeSpan at, string name, DomainInfo info) =>
        Line(at, Tone.Active, $"{name}: the balloon keeps inflating; {info.PagedPages.ToKib()} are still paged out and return as it makes room");

    public void End(DemoReport report)
    {
        screen.Print();
        screen.Print(new Table(Columns, "REASON", [.. report.Domains.Select(Row)]));
        screen.Print();
        screen.Print("", string.Create(CultureInfo.InvariantCulture, $"All domains together lost {report.SlowDownPercent:0.0} % of their useful work."));
        screen.Print("", $"seed {report.Seed}: the same seed gives the same run; trace sha256 {report.TraceSha256[..16]}…", Tone.Muted);
    }

    private static TableRow Row(DemoDomain domain) => new(
        [
            Cell.Of(domain.Domid.ToString(CultureInfo.InvariantCulture)),
            Cell.Of(domain.Name),
            Cell.Of(domain.Kind),
            Cell.Of(domain.Outcome, Outcomes.ToneOf(domain.Outcome)),
            Amounts.Cell(domain.FootprintKib),
            Amounts.Cell(domain.TargetKib),
            Cell.Of(Outcomes.By(domain.Actor, domain.Step)),
            Cell.Of(domain.Seconds.ToString("0.0", CultureInfo.InvariantCulture)),
            Percent(domain.SlowDownPercent),
            Percent(domain.SlowDownP95Percent),
        ],
        domain.Reason);

    private static Cell Percent(double value) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{value:0.0}%"), value.ToString(CultureInfo.InvariantCulture));

    private void Line(TimeSpan at, Tone tone, string text) => screen.Print(string.Create(CultureInfo.InvariantCulture, $"{at.TotalSeconds,7:0.0} s  "), text, tone);
}
