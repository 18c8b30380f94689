using System.Globalization;
using Actors.Sdk;

namespace Actors.Scripting;

/// <summary>
/// The members that a policy script (<c>NAME.csx</c>) and a <c>when</c> condition can use by name. Their values are those at the start of the
/// script, or at the return of the last <c>await</c>.
/// </summary>
public abstract class PolicyScript
{
    /// <summary>The domain whose footprint is moved.</summary>
    public abstract ScriptDomain Domain { get; }

    /// <summary>The requested footprint.</summary>
    public abstract Kib Target { get; }

    /// <summary>The tolerance: a footprint within this distance of the target, above or below, counts as reached.</summary>
    public abstract Kib Tolerance { get; }

    /// <summary>The host's memory: <c>Host.Total</c>, <c>Host.Free</c>, <c>Host.Claimed</c>.</summary>
    public abstract HostMemory Host { get; }

    /// <summary>The date and time on the host, in the host's time zone.</summary>
    public abstract DateTimeOffset Now { get; }

    /// <summary>The steps that this run has finished, in order, with their outcomes.</summary>
    public abstract IReadOnlyList<ScriptStep> Steps { get; }

    /// <summary>The actors and policies that are engaged on the domain (a balloon with its target, a pager with its pages), in the order in which they started.</summary>
    public abstract IReadOnlyList<string> Engaged { get; }

    /// <summary>
    /// Whether the other engaged actors are relaxed before the first step when the domain grows, the last one first. With
    /// <see langword="false"/> the script does that itself. Set it before the first step.
    /// </summary>
    public bool RelaxFirst { get; set; } = true;

    /// <summary>The memory that the domain actually holds.</summary>
    public Kib Footprint => Domain.Footprint;

    /// <summary>The time of day on the host.</summary>
    public TimeOnly Time => TimeOnly.FromDateTime(Now.DateTime);

    /// <summary>The day of the week on the host.</summary>
    public DayOfWeek Day => Now.DayOfWeek;

    /// <summary>Whether the target is above the footprint.</summary>
    public bool Growing => Target > Footprint;

    /// <summary>Whether the target is below the footprint.</summary>
    public bool Shrinking => Target < Footprint;

    /// <summary>Whether the footprint is at the target, within the tolerance.</summary>
    public bool AtTarget => (Footprint - Target).Abs() <= Tolerance;

    /// <summary>Whether the time of day is between two times. The range may cross midnight: <c>Between("22:00", "06:00")</c>.</summary>
    public bool Between(string from, string to) => Time.IsBetween(TimeOfDay(from), TimeOfDay(to));

    /// <summary>Passes the target to an actor or another policy, and returns the outcome. The actor stays engaged afterwards.</summary>
    /// <param name="step">The name of the actor or policy, as a literal.</param>
    /// <param name="target">The target for this step; the target of the run if omitted.</param>
    /// <param name="timeout">The time limit of the step, regardless of progress: <c>30.Seconds()</c>.</param>
    /// <param name="stall">How long the step may run without progress.</param>
    /// <param name="keep">Whether the step stays engaged when an earlier step catches up.</param>
    public abstract Task<Outcome> Run(string step, Kib? target = null, TimeSpan? timeout = null, TimeSpan? stall = null, bool keep = false);

    /// <summary>Releases an actor or policy: it undoes what it holds on the domain.</summary>
    public abstract Task Release(string step);

    /// <summary>Waits. Engaged actors keep working meanwhile.</summary>
    public abstract Task Wait(TimeSpan duration);

    /// <summary>Writes a message to the host's log.</summary>
    public abstract void Log(string message);

    /// <summary>The outcome of a script that reached the target.</summary>
    public Outcome Reached(string reason) => Outcome.Reached(Footprint, reason);

    /// <summary>The outcome of a script that moved the domain as far as it can, but not to the target.</summary>
    public Outcome Short(string reason) => Outcome.Short(Footprint, reason);

    /// <summary>The outcome of a script that cannot act on this domain.</summary>
    public Outcome Unable(string reason) => Outcome.Unable(Footprint, reason);

    private static TimeOnly TimeOfDay(string text) => TimeOnly.TryParseExact(text, "H:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
        ? time
        : throw new FormatException($"'{text}' is not a time of day such as 22:00");
}
