namespace Actors.Dispatch.Registry;

/// <summary>The time limits of an actor: in total, and without any progress.</summary>
internal sealed record TimeLimits(TimeSpan? Timeout, TimeSpan? Stall)
{
    public static TimeLimits None { get; } = new(null, null);
}
