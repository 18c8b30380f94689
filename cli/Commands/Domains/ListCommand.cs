using System.CommandLine;
using Actors.Cli.CommandLine;
using Actors.Cli.Control;
using Actors.Cli.Presentation;
using Actors.Dispatch.State;
using Actors.XenStore;

namespace Actors.Cli.Commands.Domains;

/// <summary><c>actors list</c>: shows all domains with their targets and outcomes.</summary>
internal static class ListCommand
{
    public static Command Make()
    {
        var (store, tables, options) = (new StoreOptions(), new TableOptions(), new ListOptions());
        var command = new Command("list", "Show all domains with footprint, target, limits, actor, outcome and reason");
        options.AddTo(command);
        tables.AddTo(command);
        store.AddTo(command);
        command.SetAction((arguments, cancellation) => Terminal.GuardAsync(async () =>
        {
            await using var connection = await store.ConnectAsync(arguments, cancellation);
            while (true)
            {
                var host = await PublishedHost.ReadAsync(connection, cancellation);
                var (footprints, whyNot) = host.Running ? await CurrentFootprints.ReadAsync(host, cancellation) : (null, null);
                var all = await new DomainReader(connection, host).ReadAsync(footprints, cancellation);
                if (!host.Running)
                    Terminal.Message("no actors daemon is running here; the table shows the last known state");
                else if (whyNot is not null)
                    Terminal.Message($"the footprints are those of the last known states: {whyNot}");
                await ReportQuarantinedAsync(connection, cancellation);
                var lines = options.Choose(all, arguments);
                if (store.Json(arguments))
                    Terminal.Json<IReadOnlyList<DomainLine>>(lines, CommandJson.Default.IReadOnlyListDomainLine);
                else
                    Print(all, lines, footprints is null ? null : await HostTotals.ReadAsync(host, cancellation));
                if (options.Interval(arguments) is not { } interval)
                    return ExitCode.Ok;
                await Task.Delay(interval, TimeProvider.System, cancellation);
            }

            void Print(IReadOnlyList<DomainLine> all, IReadOnlyList<DomainLine> lines, HostTotals? host)
            {
                var table = options.Table(arguments, TimeProvider.System.GetUtcNow());
                tables.Print(table.Of(lines), arguments);
                if (options.Totals(arguments))
                    tables.PrintBelow(table.Total(all, host), arguments);
            }
        }));
        return command;
    }

    private static async Task ReportQuarantinedAsync(IXenStore store, CancellationToken cancellation)
    {
        foreach (var plugin in await PluginKeys.QuarantinedAsync(store, cancellation))
            Terminal.Message($"plugin '{plugin}' is quarantined; 'actors plugin list' shows why, 'actors plugin reload {plugin}' puts it back into service");
    }
}
