namespace Actors.Sim.Memory;

/// <summary>What a page is to the guest. Whether the host has paged it out is another matter, which the guest does not know.</summary>
internal enum PageClass
{
    /// <summary>The kernel's own: never to be had.</summary>
    Kernel,

    /// <summary>Anonymous memory of the working set, touched all the time.</summary>
    Hot,

    /// <summary>Anonymous memory that nobody has touched for long.</summary>
    Cold,

    /// <summary>File cache that was read lately.</summary>
    ActiveCache,

    /// <summary>File cache that was not.</summary>
    InactiveCache,

    /// <summary>Unused.</summary>
    Free,

    /// <summary>In the balloon: given back to the host. The one class that takes no memory of the machine.</summary>
    Ballooned,
}
