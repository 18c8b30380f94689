namespace Actors.Dispatch;

/// <summary>Which of a domain's keys may have changed. Several changes are combined into one poke.</summary>
[Flags]
internal enum KeyChange
{
    /// <summary>No key that concerns the domain.</summary>
    None = 0,

    /// <summary>The target was written or removed.</summary>
    Target = 1,

    /// <summary>One of the settings, and perhaps the target as well.</summary>
    Settings = 2,

    /// <summary>No key, but the meaning of its names: a plugin or policy was added, replaced or removed.</summary>
    Directory = 4,

    /// <summary>The balloon target <c>memory/target</c>, which another program may have written.</summary>
    BalloonTarget = 8,

    /// <summary>No key, but the last outcome no longer holds, so the target must be requested again.</summary>
    Retry = 16,

    /// <summary>No key, but the monitor has found that the state is no longer true.</summary>
    Finding = 32,

    /// <summary>The key in which a guest publishes its balloon driver.</summary>
    Driver = 64,

    /// <summary>The domain itself: its watch was added again, or so many keys changed at once that it is not known which.</summary>
    Domain = 128,
}
