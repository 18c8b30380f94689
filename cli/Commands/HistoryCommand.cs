using System.CommandLine;
using System.Globalization;
using Actors.Cli.CommandLine;
using Actors.Cli.Control;
using Actors.Cli.Presentation;
using Actors.Cli.Settings;
using Actors.Dispatch.Journal;

namespace Actors.Cli.Commands;

/// <summary><c>actors history</c>: shows the journal.</summary>
internal static class HistoryCommand
{
    private static readonly IReadOnlyList<Column> Columns =
    [
        new("TIME (UTC)") { PipeTitle = "TIME" },
        new("DOMAIN") { Narrowest = 16, Widest = 40 },
        new("OUTCOME"),
        new("TARGET") { PipeTitle = "TARGET_KIB", AlignRight = true },
        new("FROM") { PipeTitle = "FROM_KIB", AlignRight = true, Drop = 2 },
        new("TO") { PipeTitle = "TO_KIB", AlignRight = true },
        new("BY") { Narrowest = 12, Widest = 32, Drop = 1 },
        new("SECONDS") { AlignRight = true, Drop = 3 },
    ];

    public static Command Make()
    {
        var domain = new Argument<string?>("DOMAIN") { Description = "A domid, a domain name, a plugin, or 'actors' for the daemon itself. Default: all of them", Arity = ArgumentArity.ZeroOrOne };
        var file = new Option<string?>("--journal") { Description = "The journal file. Default: the one of the running daemon", HelpName = "FILE" }.AsPath();
        var last = CheckedOptions.Number("--last", 1, 1_000_000, byDefault: 50);
        (last.Description, last.HelpName) = ("Show at most N entries", "N");
        var (store, tables) = (new StoreOptions(), new TableOptions());
        var command = new Command("history", "Show past outcomes and their reasons") { domain, file, last };
        tables.AddTo(command);
        store.AddTo(command);
        command.SetAction((arguments, cancellation) => Terminal.GuardAsync(async () =>
        {
            var path = arguments.GetValue(file) ?? await FindAsync(store, arguments, cancellation);
            var filter = arguments.GetValue(domain);
            if (JournalAccess.Read(path, out var journal) is { } problem)
                throw new CommandException(ExitCode.Failed, problem);
            var entries = journal
                .Where(entry => filter is null || entry.Name == filter || entry.Plugin == filter || entry.Domid.ToString(CultureInfo.InvariantCulture) == filter)
                .TakeLast(arguments.GetValue(last))
                .ToList();
            if (store.Json(arguments))
                Terminal.Json<IReadOnlyList<JournalEntry>>(entries, CommandJson.Default.IReadOnlyListJournalEntry);
            else
                tables.Print(new Table(Columns, "REASON", [.. entries.Select(Row)]), arguments);
            return ExitCode.Ok;
        }));
        return command;
    }

    private static async Task<string> FindAsync(StoreOptions options, ParseResult arguments, CancellationToken cancellation)
    {
        await using var store = await options.ConnectAsync(arguments, cancellation);
        var host = await PublishedHost.ReadAsync(store, cancellation);
        return host.Journal.Length > 0 ? host.Journal : HostPaths.Journal;
    }

    private static TableRow Row(JournalEntry entry) => new(
        [
            new Cell(
                entry.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                entry.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)),
            Cell.Of(entry.Plugin is { } plugin ? $"plugin {plugin}" : entry.Domid < 0 ? entry.Name : entry.Name.Length > 0 ? $"{entry.Name} ({entry.Domid})" : entry.Domid.ToString(CultureInfo.InvariantCulture)),
            Cell.Of(entry.Outcome, Outcomes.ToneOf(entry.Outcome)),
            Amounts.Cell(entry.TargetKib),
            Amounts.Cell(entry.FromKib),
            Amounts.Cell(entry.FootprintKib),
            Cell.Of(Outcomes.By(entry.Actor, entry.Step)),
            new Cell(entry.Seconds.ToString("0.0", CultureInfo.InvariantCulture), entry.Seconds.ToString("0.000", CultureInfo.InvariantCulture)),
        ],
        entry.Reason + string.Concat(Differences(entry)));

    private static IEnumerable<string> Differences(JournalEntry entry) =>
        from shadow in entry.Shadows ?? []
        where shadow.Difference is not null
        select $"; shadow {shadow.Policy}: {shadow.Difference}";
}
