using System.CommandLine;
using System.IO.Enumeration;
using Actors.Cli.CommandLine;
using Actors.Cli.Presentation;
using Actors.Sdk.Text;

namespace Actors.Cli.Commands.Domains;

/// <summary>Which domains <c>actors list</c> shows, in which order, and how.</summary>
internal sealed class ListOptions
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromHours(1);

    private readonly Option<IReadOnlyList<string>?> _sort = new("--sort")
    {
        Description = $"Sort by these columns: {string.Join(", ", DomainOrder.Names)}; '-' before a name reverses it. Default: id",
        HelpName = "COLUMN[,COLUMN]",
        CustomParser = argument =>
        {
            string[] columns = argument.Tokens is [var token, ..] ? token.Value.Split(',') : [];
            foreach (var wrong in columns.Where(column => !DomainOrder.Names.Contains(column.StartsWith('-') ? column[1..] : column)))
                argument.AddError($"--sort '{Printable.Of(wrong, 64)}': expected {string.Join(" or ", DomainOrder.Names)}");
            return columns;
        },
    };

    private readonly Option<string?> _outcome = new("--outcome") { Description = "Show only domains with one of these outcomes", HelpName = "OUTCOME[,OUTCOME]" };
    private readonly Option<string?> _actor = new("--actor") { Description = "Show only domains on which this actor acts", HelpName = "NAME" };
    private readonly Option<string?> _name = new("--name") { Description = "Show only domains whose name matches; '*' stands for any text", HelpName = "PATTERN" };
    private readonly Option<bool> _attention = new("--attention") { Description = "Show only domains that need attention" };
    private readonly Option<bool> _why = new("--why") { Description = "Show every reason, not only those of domains that need attention" };
    private readonly Option<bool> _noTotals = new("--no-totals") { Description = "Leave out the last line, the totals" };
    private readonly Option<Units?> _units = CheckedOptions.Choice("--units", Amounts.Names);
    private readonly Option<TimeSpan?> _watch = CheckedOptions.Seconds("--watch", LongestInterval);

    public ListOptions()
    {
        (_units.Description, _units.HelpName) = ("Show whole numbers of this unit: B, KiB, MiB or GiB", "UNIT");
        (_watch.Description, _watch.HelpName) = ("Print the list again every so many seconds. Default: 2", "SECONDS");
        _watch.Aliases.Add("-w");
    }

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _sort, _outcome, _actor, _name, _attention, _why, _noTotals, _units, _watch })
            command.Options.Add(option);
    }

    public bool Totals(ParseResult arguments) => !arguments.GetValue(_noTotals);

    public DomainTable Table(ParseResult arguments, DateTimeOffset now) => new(arguments.GetValue(_units) ?? Units.Short, arguments.GetValue(_why), now);

    /// <summary>The time between two lists; <see langword="null"/> if there is only one.</summary>
    public TimeSpan? Interval(ParseResult arguments) =>
        arguments.GetResult(_watch) is null ? null : arguments.GetValue(_watch) is { TotalSeconds: > 0 } interval ? interval : TimeSpan.FromSeconds(2);

    /// <summary>The domains that are shown, in their order.</summary>
    public IReadOnlyList<DomainLine> Choose(IReadOnlyList<DomainLine> lines, ParseResult arguments)
    {
        var outcomes = arguments.GetValue(_outcome)?.Split(',');
        var (actor, name) = (arguments.GetValue(_actor), arguments.GetValue(_name));
        var chosen = lines.Where(line =>
            (outcomes is null || outcomes.Contains(line.Outcome ?? "-"))
            && (actor is null || line.Actor == actor)
            && (name is null || FileSystemName.MatchesSimpleExpression(name, line.Name, ignoreCase: false))
            && (!arguments.GetValue(_attention) || DomainOrder.NeedsAttention(line)));
        return DomainOrder.Sort([.. chosen], arguments.GetValue(_sort) ?? ["id"]);
    }
}
