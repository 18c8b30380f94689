using Actors.Host.Domains;
using Actors.Sdk;

namespace Actors.Host.Dispatch.Foresight;

/// <summary>An actor that can say what it would do, without doing it: a policy.</summary>
internal interface IForesees
{
    /// <summary>What it would do now. Nothing is written, and no actor is called.</summary>
    Task<Foreseen> ForeseeAsync(HostDomain domain, TargetRequest request, CancellationToken cancellation);
}

/// <summary>What an actor would do.</summary>
/// <param name="Steps">In the order in which they would be tried, each while those before it fall short.</param>
/// <param name="Notes">What was assumed, and what would become of it in the end.</param>
internal sealed record Foreseen(IReadOnlyList<ForeseenStep> Steps, IReadOnlyList<string> Notes)
{
    /// <summary>Those that would be tried.</summary>
    public IEnumerable<ForeseenStep> Tried => Steps.Where(step => step.Verdict == ForeseenStep.Tries);

    public override string ToString() => Tried.Any() ? string.Join(", then ", Tried) : "nothing";
}

/// <summary>One step, foreseen.</summary>
/// <param name="Step">Its number in the policy, from 1; 0 for an actor without a policy.</param>
/// <param name="Actor">Who.</param>
/// <param name="Verdict">Whether it would be tried.</param>
/// <param name="Limits">How long it would have.</param>
/// <param name="Reason">Why it would not be tried; empty when it would.</param>
internal sealed record ForeseenStep(int Step, string Actor, string Verdict, TimeLimits Limits, string Reason)
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
        ({ } timeout, _) => $"{Actor} ({Yaml.DurationText.Format(timeout)})",
        (_, { } stall) => $"{Actor} (until it has stalled for {Yaml.DurationText.Format(stall)})",
        _ => Actor,
    };
}
