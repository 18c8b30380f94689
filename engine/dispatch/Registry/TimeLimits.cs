namespace Actors.Dispatch.Registry;

/// <summary>How long an actor may take: in total, and without any progress.</summary>
internal sealed record TimeLimits(TimeSpan? Timeout, TimeSpan? Stall)
{
    public static TimeLimits None { get; } = new(null, null);
}
