namespace Actors.Sdk;

/// <summary>A footprint that a guest was seen not to get along with.</summary>
/// <param name="Footprint">The footprint at which the guest crashed, or gave up no more memory. It needs some headroom above it.</param>
/// <param name="Reason">What happened, for people to read: <c>its balloon stopped at 191 MiB</c>.</param>
public sealed record LearnedLimit(Kib Footprint, string Reason)
{
    /// <summary>Whether the guest crashed. A guest that only gave up no more memory may have more to give later.</summary>
    public bool Crashed { get; init; }
}
