namespace Actors.Dispatch;

/// <summary>Which of a domain's keys may have changed.</summary>
internal enum KeyChange
{
    /// <summary>No key that the toolstack writes.</summary>
    None,

    Target,

    /// <summary>One of the settings, and perhaps the target as well.</summary>
    Settings,

    /// <summary>No key, but the meaning of its names: a plugin or policy was added, replaced or removed.</summary>
    Directory,
}
