using Actors.Dispatch.State;

namespace Actors.Cli.Commands.Domains;

/// <summary>The order in which domains are listed, and which of them need attention. Pure functions over lines.</summary>
internal static class DomainOrder
{
    private static readonly Dictionary<string, Func<DomainLine, IComparable?>> Keys = new()
    {
        ["id"] = line => line.Domid,
        ["name"] = line => line.Name,
        ["state"] = line => line.Outcome,
        ["now"] = line => line.FootprintKib,
        ["target"] = line => line.TargetKib,
        ["floor"] = line => line.Settings?.FloorKib.Value,
        ["max"] = line => line.StaticMaxKib,
        ["by"] = line => line.Actor,
        ["since"] = line => line.Since,
        ["attention"] = line => Urgency(line),
    };

    public static IEnumerable<string> Names => Keys.Keys;

    /// <summary>Whether a person should look at a domain.</summary>
    public static bool NeedsAttention(DomainLine line) =>
        line.Outcome is StateKey.Failed or StateKey.Quarantined or StateKey.Unable or StateKey.Short || line.PageInsPerSecond > 0 || Waits(line);

    /// <summary>Whether the target waits for something. While a run is in progress, what the last one lacked does not count.</summary>
    public static bool Waits(DomainLine line) => line.WaitingFor is not null && line.Outcome != StateKey.Running;

    /// <summary>The lines by several columns; <c>-</c> before a name reverses it. What is unknown comes last.</summary>
    public static IReadOnlyList<DomainLine> Sort(IReadOnlyList<DomainLine> lines, IReadOnlyList<string> columns)
    {
        var sorted = lines.OrderBy(_ => 0);
        foreach (var column in columns)
        {
            var key = Keys[column.TrimStart('-')];
            sorted = sorted.ThenBy(line => key(line) is null);
            sorted = column.StartsWith('-') ? sorted.ThenByDescending(key) : sorted.ThenBy(key);
        }
        return [.. sorted.ThenBy(line => line.Domid)];
    }

    // Trouble first; then what is still moving; then what is at rest.
    private static int Urgency(DomainLine line) => line.Outcome switch
    {
        StateKey.Failed or StateKey.Quarantined => 0,
        StateKey.Unable => 1,
        StateKey.Short => 2,
        _ when NeedsAttention(line) => 3,
        StateKey.Running => 4,
        StateKey.External => 6,
        null => 7,
        _ => 5,
    };
}
