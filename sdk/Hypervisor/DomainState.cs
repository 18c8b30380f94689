namespace Actors.Sdk;

/// <summary>What a domain is doing. Only a running one can be moved.</summary>
public enum DomainState
{
    /// <summary>Being built, or not far enough up for its drivers to answer.</summary>
    Booting,

    /// <summary>Up.</summary>
    Running,

    /// <summary>Paused by the toolstack: its balloon driver cannot act.</summary>
    Paused,

    /// <summary>Being saved or migrated.</summary>
    Saving,

    /// <summary>Shut down, and not yet destroyed.</summary>
    ShutDown,

    /// <summary>Crashed, and kept.</summary>
    Crashed,

    /// <summary>On its way out; its memory is being freed.</summary>
    Dying,
}
