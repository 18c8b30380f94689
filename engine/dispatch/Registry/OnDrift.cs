namespace Actors.Dispatch.Registry;

/// <summary>What happens when a domain leaves its target on its own after it had reached it.</summary>
internal enum OnDrift
{
    /// <summary>The target is requested again, with a growing pause.</summary>
    Retry,

    /// <summary>The state says so, and nothing else happens.</summary>
    Report,
}
