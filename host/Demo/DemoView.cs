using System.Globalization;
using Actors.Cli.CommandLine;
using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.Sdk.Text;
using Spectre.Console;

namespace Actors.Host.Demo;

/// <summary>Shows the progress of the demo, and its results as a table.</summary>
internal sealed class DemoView
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(10);

    private readonly Dictionary<int, (TimeSpan At, string Actor)> _lastProgress = [];

    public static void Begin()
    {
        Terminal.Out.MarkupLine("[bold]A simulated Xen host with five domains. The toolstack sets the target of each to half of its memory[/]");
        Terminal.Out.MarkupLine("[bold]by writing /local/domain/X/memory-policy/target.[/] Time is simulated.");
        Terminal.Out.WriteLine();
    }

    /// <summary>Shows a line of the simulator's trace: the time in seconds, and the event.</summary>
    public static void Traced(string line)
    {
        // The state of the balloon actor already shows what the balloon drivers do.
        if (line.Contains(") balloon ", StringComparison.Ordinal))
            return;
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var time = double.Parse(line.AsSpan(0, space), CultureInfo.InvariantCulture);
        Line(TimeSpan.FromSeconds(time), "grey", line[(space + 1)..]);
    }

    public void StateChanged(TimeSpan at, DomainIdentity domain, StateKey state)
    {
        var by = $"{state.Actor}{(state.Step > 0 ? $" (step {state.Step})" : "")}";
        var where = $"{state.Footprint} of target {state.Target}";
        if (state.Final)
        {
            Line(at, Colour(state.Outcome), $"{domain.Name}: {state.Outcome}{(state.Target is null ? "" : $" by {by}, at {where}")}: {state.Reason}");
        }
        else if (!_lastProgress.TryGetValue(domain.Domid, out var last) || last.Actor != state.Actor || at - last.At >= ProgressEvery)
        {
            _lastProgress[domain.Domid] = (at, state.Actor);
            Line(at, "blue", $"{domain.Name}: {by} is working, at {where}");
        }
    }

    /// <summary>Shows that the pager gives pages back while the balloon catches up.</summary>
    public static void Relaxing(TimeSpan at, string name, DomainInfo info) =>
        Line(at, "blue", $"{name}: the balloon keeps inflating; {info.PagedPages.ToKib()} are still paged out and return as it makes room");

    public static void End(DemoReport report)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var column in new[] { "domain", "target", "footprint", "outcome", "actor", "step", "seconds", "slow-down", "reason" })
            table.AddColumn(column);
        foreach (var domain in report.Domains)
        {
            table.AddRow(
                Markup.Escape($"{domain.Name} ({domain.Domid}, {domain.Kind})"),
                new Kib(domain.TargetKib).ToString(),
                new Kib(domain.FootprintKib).ToString(),
                $"[{Colour(domain.Outcome)}]{domain.Outcome}[/]",
                Markup.Escape(domain.Actor),
                domain.Step > 0 ? domain.Step.ToString(CultureInfo.InvariantCulture) : "-",
                domain.Seconds.ToString("0.0", CultureInfo.InvariantCulture),
                string.Create(CultureInfo.InvariantCulture, $"{domain.SlowDownPercent:0.0} % (P95 {domain.SlowDownP95Percent:0.0} %)"),
                Markup.Escape(Printable.Of(domain.Reason)));
        }
        Terminal.Out.WriteLine();
        Terminal.Out.Write(table);
        Terminal.Out.MarkupLine(string.Create(
            CultureInfo.InvariantCulture, $"[grey]All domains together lost {report.SlowDownPercent:0.0} % of their useful work.[/]"));
        Terminal.Out.MarkupLine($"[grey]seed {report.Seed}: the same seed gives the same run; trace sha256 {report.TraceSha256[..16]}…[/]");
    }

    private static string Colour(string outcome) => outcome switch
    {
        "reached" => "green",
        StateKey.External => "grey",
        _ => "yellow",
    };

    private static void Line(TimeSpan at, string colour, string text) =>
        Terminal.Out.MarkupLine(string.Create(CultureInfo.InvariantCulture, $"[grey]{at.TotalSeconds,7:0.0} s[/]  [{colour}]{Markup.Escape(Printable.Of(text))}[/]"));
}
