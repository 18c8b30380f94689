namespace Actors.Sdk.Testing;

/// <summary>A change that an actor makes to the balloon target or to max_mem, with the state of the domain just before it.</summary>
/// <param name="Kind">What the actor changes.</param>
/// <param name="Amount">The new value.</param>
/// <param name="Footprint">The footprint before the change.</param>
/// <param name="MaxMem">The value of max_mem before the change.</param>
internal readonly record struct BalloonStep(BalloonStepKind Kind, Kib Amount, Kib Footprint, Kib MaxMem);

internal enum BalloonStepKind
{
    Target,
    MaxMem,
}
