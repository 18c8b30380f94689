namespace Actors.Sdk;

/// <summary>What a domain is doing. The footprint can be moved only while the domain is running.</summary>
public enum DomainState
{
    /// <summary>The domain is being built, or its drivers are not ready yet.</summary>
    Booting,

    /// <summary>The domain is up.</summary>
    Running,

    /// <summary>The toolstack paused the domain, so its balloon driver cannot act.</summary>
    Paused,

    /// <summary>The domain is being saved or migrated.</summary>
    Saving,

    /// <summary>The domain is shut down but not destroyed yet.</summary>
    ShutDown,

    /// <summary>The domain crashed and was preserved.</summary>
    Crashed,

    /// <summary>The domain is being destroyed; its memory is being freed.</summary>
    Dying,
}
