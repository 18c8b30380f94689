namespace Actors.Sdk;

/// <summary>How much memory a guest was seen to need.</summary>
/// <param name="Footprint">The footprint that was enough. With less, the guest crashed, or gave up no more memory.</param>
/// <param name="Reason">What happened, for people to read: <c>its balloon stopped at 191 MiB</c>.</param>
public sealed record LearnedLimit(Kib Footprint, string Reason)
{
    /// <summary>Whether the guest crashed. A guest that only gave up no more memory may have more to give later.</summary>
    public bool Crashed { get; init; }
}
