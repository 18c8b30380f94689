using System.CommandLine;
using System.Globalization;
using Actors.Dispatch.Journal;
using Actors.Host.CommandLine;
using Actors.Host.Control;
using Actors.Host.Settings;
using Actors.Sdk;

namespace Actors.Host.Commands;

/// <summary><c>actors history</c>: the journal, for people.</summary>
internal static class HistoryCommand
{
    public static Command Make()
    {
        var domain = new Argument<string?>("DOMAIN") { Description = "A domid, a name or a plugin; all when left out", Arity = ArgumentArity.ZeroOrOne };
        var file = new Option<string?>("--journal") { Description = "The journal's file; else the one that the running host names", HelpName = "FILE" };
        var last = new Option<int>("--last") { Description = "How many entries at most", HelpName = "N", DefaultValueFactory = _ => 50 };
        var store = new StoreOptions();
        var command = new Command("history", "Show past outcomes, each with its reason") { domain, file, last };
        store.AddTo(command);
        command.SetAction((arguments, cancellation) => Terminal.GuardAsync(async () =>
        {
            var path = arguments.GetValue(file) ?? await FindAsync(store, arguments, cancellation);
            var wanted = arguments.GetValue(domain);
            var entries = JournalReader.Read(path)
                .Where(entry => wanted is null || entry.Name == wanted || entry.Plugin == wanted || entry.Domid.ToString(CultureInfo.InvariantCulture) == wanted)
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
        entry.Plugin is { } plugin ? $"plugin {plugin}" : entry.Name.Length > 0 ? $"{entry.Name} ({entry.Domid})" : entry.Domid.ToString(CultureInfo.InvariantCulture),
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
