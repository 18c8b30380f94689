namespace Actors.XenStore.Embedded;

/// <summary>A domain that the store has met, from its first mention to its release.</summary>
internal sealed class Domain(int domid, ulong generation)
{
    public int Domid { get; } = domid;

    /// <summary>The store's generation when the domain was first met: what was permitted before was meant for another.</summary>
    public ulong Generation { get; } = generation;

    public bool IsGuest => Domid != 0;

    public bool Introduced { get; set; }

    /// <summary>Whether it has shut down and that has been told.</summary>
    public bool ShutDown { get; set; }

    /// <summary>How many nodes it owns.</summary>
    public int Nodes { get; set; }

    /// <summary>How many watches its connections have.</summary>
    public int Watches { get; set; }

    /// <summary>The domain whose rights it has beside its own, as a device model has its guest's (<c>SET_TARGET</c>).</summary>
    public Domain? Target { get; set; }

    public List<Session> Sessions { get; } = [];
}
