using System.Globalization;
using Actors.Sdk;

namespace Actors.Scripting;

/// <summary>
/// The language of a policy script (<c>NAME.csx</c>) and of a <c>when</c>: its members can be used by their bare names. What they show is
/// as it was when the script began, or when the last <c>await</c> came back.
/// </summary>
public abstract class PolicyScript
{
    /// <summary>The domain whose footprint is to be moved.</summary>
    public abstract ScriptDomain Domain { get; }

    /// <summary>The footprint that it should have.</summary>
    public abstract Kib Target { get; }

    /// <summary>How far from the target still counts as reached, either way.</summary>
    public abstract Kib Tolerance { get; }

    /// <summary>The host's memory: <c>Host.Total</c>, <c>Host.Free</c>, <c>Host.Claimed</c>.</summary>
    public abstract HostMemory Host { get; }

    /// <summary>The host's date and time, in its time zone.</summary>
    public abstract DateTimeOffset Now { get; }

    /// <summary>What each step of this run came to, in their order.</summary>
    public abstract IReadOnlyList<ScriptStep> Steps { get; }

    /// <summary>Who holds something on the domain (a balloon its target, a pager its pages), in the order in which they took it.</summary>
    public abstract IReadOnlyList<string> Engaged { get; }

    /// <summary>
    /// Growing, whoever else is engaged is relaxed before the first step runs, the last one first; <see langword="false"/> leaves that
    /// to the script. Set it before the first step.
    /// </summary>
    public bool RelaxFirst { get; set; } = true;

    /// <summary>What the domain really holds.</summary>
    public Kib Footprint => Domain.Footprint;

    /// <summary>The time of day.</summary>
    public TimeOnly Time => TimeOnly.FromDateTime(Now.DateTime);

    /// <summary>The day of the week.</summary>
    public DayOfWeek Day => Now.DayOfWeek;

    /// <summary>The target is above the footprint.</summary>
    public bool Growing => Target > Footprint;

    /// <summary>The target is below the footprint.</summary>
    public bool Shrinking => Target < Footprint;

    /// <summary>The footprint is at the target.</summary>
    public bool AtTarget => (Footprint - Target).Abs() <= Tolerance;

    /// <summary>Whether the time of day is between two, across midnight as well: <c>Between("22:00", "06:00")</c>.</summary>
    public bool Between(string from, string to) => Time.IsBetween(TimeOfDay(from), TimeOfDay(to));

    /// <summary>Hands the target to an actor or another policy, and says how that ended. It stays engaged afterwards.</summary>
    /// <param name="step">Its name, written out.</param>
    /// <param name="target">The footprint that it should bring the domain to; the run's own target when left out.</param>
    /// <param name="timeout">How long it has, whatever progress there is: <c>30.Seconds()</c>.</param>
    /// <param name="stall">How long it has without progress.</param>
    /// <param name="keep">It is not released when an earlier step catches up.</param>
    public abstract Task<Outcome> Run(string step, Kib? target = null, TimeSpan? timeout = null, TimeSpan? stall = null, bool keep = false);

    /// <summary>Makes an actor or policy give back what it holds on the domain.</summary>
    public abstract Task Release(string step);

    /// <summary>Waits; what is engaged goes on meanwhile.</summary>
    public abstract Task Wait(TimeSpan duration);

    /// <summary>Tells the operator, in the host's log.</summary>
    public abstract void Log(string message);

    /// <summary>The outcome of a script that brought the domain to its target.</summary>
    public Outcome Reached(string reason) => Outcome.Reached(Footprint, reason);

    /// <summary>The outcome of a script that went as far as it will go.</summary>
    public Outcome Short(string reason) => Outcome.Short(Footprint, reason);

    /// <summary>The outcome of a script that will not touch this domain.</summary>
    public Outcome Unable(string reason) => Outcome.Unable(Footprint, reason);

    private static TimeOnly TimeOfDay(string text) => TimeOnly.TryParseExact(text, "H:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
        ? time
        : throw new FormatException($"'{text}' is no time of day such as 22:00");
}
