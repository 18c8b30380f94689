using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Dispatch.Registry;

/// <summary>What an actor would do.</summary>
/// <param name="Steps">In the order in which they would be tried, each while those before it fall short.</param>
/// <param name="Notes">What was assumed, and what would become of it in the end.</param>
internal sealed record RunPreview(IReadOnlyList<StepPreview> Steps, IReadOnlyList<string> Notes)
{
    /// <summary>Those that would be tried.</summary>
    public IEnumerable<StepPreview> Tried => Steps.Where(step => step.Verdict == StepPreview.Tries);

    public override string ToString() => Tried.Any() ? string.Join(", then ", Tried) : "nothing";
}

/// <summary>One step, foreseen.</summary>
/// <param name="Step">Its number in the policy, from 1; 0 for an actor without a policy.</param>
/// <param name="Actor">Who.</param>
/// <param name="Verdict">Whether it would be tried.</param>
/// <param name="Limits">How long it would have.</param>
/// <param name="Reason">Why it would not be tried; empty when it would.</param>
internal sealed record StepPreview(int Step, string Actor, string Verdict, TimeLimits Limits, string Reason)
{
    public const string Tries = "tries";

    /// <summary>Its condition is false now.</summary>
    public const string Skips = "skips";

    /// <summary>There is no actor of that name.</summary>
    public const string Missing = "missing";

    /// <summary>It cannot act on this domain.</summary>
    public const string Unable = "unable";

    /// <summary>Another footprint than the target, where a script asks for one.</summary>
    public Kib? Target { get; init; }

    public override string ToString() => (Limits.Timeout, Limits.Stall) switch
    {
        ({ } timeout, _) => $"{Actor} ({DurationText.Format(timeout)})",
        (_, { } stall) => $"{Actor} (until it has stalled for {DurationText.Format(stall)})",
        _ => Actor,
    };
}
