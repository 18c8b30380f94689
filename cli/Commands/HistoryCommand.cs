using System.CommandLine;
using System.Globalization;
using Actors.Cli.CommandLine;
using Actors.Cli.Control;
using Actors.Cli.Settings;
using Actors.Dispatch.Journal;
using Actors.Sdk;

namespace Actors.Cli.Commands;

/// <summary><c>actors history</c>: shows the journal.</summary>
internal static class HistoryCommand
{
    public static Command Make()
    {
        var domain = new Argument<string?>("DOMAIN") { Description = "A domid, a domain name, a plugin, or 'actors' for the daemon itself. Default: all of them", Arity = ArgumentArity.ZeroOrOne };
        var file = new Option<string?>("--journal") { Description = "The journal file. Default: the one of the running daemon", HelpName = "FILE" }.AsPath();
        var last = CheckedOptions.Number("--last", 1, 1_000_000, byDefault: 50);
        (last.Description, last.HelpName) = ("Show at most N entries", "N");
        var store = new StoreOptions();
        var command = new Command("history", "Show past outcomes and their reasons") { domain, file, last };
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
                Terminal.Table(["time (UTC)", "domain", "target", "from", "to", "outcome", "by", "seconds", "reason"], entries.Select(Row));
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

    private static string[] Row(JournalEntry entry) =>
    [
        entry.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        entry.Plugin is { } plugin ? $"plugin {plugin}" : entry.Domid < 0 ? entry.Name : entry.Name.Length > 0 ? $"{entry.Name} ({entry.Domid})" : entry.Domid.ToString(CultureInfo.InvariantCulture),
        Amount(entry.TargetKib),
        Amount(entry.FromKib),
        Amount(entry.FootprintKib),
        entry.Outcome,
        entry.Step > 0 ? $"{entry.Actor} (step {entry.Step})" : entry.Actor.Length > 0 ? entry.Actor : "-",
        entry.Seconds.ToString("0.0", CultureInfo.InvariantCulture),
        entry.Reason + string.Concat(Differences(entry)),
    ];

    private static IEnumerable<string> Differences(JournalEntry entry) =>
        from shadow in entry.Shadows ?? []
        where shadow.Difference is not null
        select $"; shadow {shadow.Policy}: {shadow.Difference}";

    private static string Amount(long? kib) => kib is { } value ? new Kib(value).ToString() : "-";
}
