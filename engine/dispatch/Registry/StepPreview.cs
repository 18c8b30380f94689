using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Dispatch.Registry;

/// <summary>The preview of one step.</summary>
/// <param name="Step">The step's number in the policy, from 1; 0 for an actor without a policy.</param>
/// <param name="Actor">The actor's name.</param>
/// <param name="Verdict">Whether the step would be tried.</param>
/// <param name="Limits">The step's time limits.</param>
/// <param name="Reason">The reason why it would not be tried; empty when it would.</param>
internal sealed record StepPreview(int Step, string Actor, string Verdict, TimeLimits Limits, string Reason)
{
    public const string Tries = "tries";

    /// <summary>The step's condition is false now.</summary>
    public const string Skips = "skips";

    /// <summary>No actor has that name.</summary>
    public const string Missing = "missing";

    /// <summary>The actor cannot act on this domain.</summary>
    public const string Unable = "unable";

    /// <summary>The footprint that a script requests for this step, where it differs from the target.</summary>
    public Kib? Target { get; init; }

    public override string ToString() => (Limits.Timeout, Limits.Stall) switch
    {
        ({ } timeout, _) => $"{Actor} ({DurationText.Format(timeout)})",
        (_, { } stall) => $"{Actor} (until it has stalled for {DurationText.Format(stall)})",
        _ => Actor,
    };
}
