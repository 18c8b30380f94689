namespace Actors.Sim.Memory;

/// <summary>What the guest uses a page for. The guest does not know whether the host has paged it out.</summary>
internal enum PageClass
{
    /// <summary>Used by the kernel; never given up.</summary>
    Kernel,

    /// <summary>Anonymous memory of the working set, touched all the time.</summary>
    Hot,

    /// <summary>Anonymous memory that has not been touched for a long time.</summary>
    Cold,

    /// <summary>File cache that was read recently.</summary>
    ActiveCache,

    /// <summary>File cache that was not read recently.</summary>
    InactiveCache,

    /// <summary>Unused.</summary>
    Free,

    /// <summary>In the balloon: given back to the host. The only class that occupies no memory of the machine.</summary>
    Ballooned,
}
