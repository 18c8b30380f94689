namespace Actors.XenStore.Embedded;

/// <summary>A domain that the store knows, from its first mention to its release.</summary>
internal sealed class Domain(int domid, ulong generation)
{
    public int Domid { get; } = domid;

    /// <summary>The store's generation when the domain was first mentioned. Permissions that are older were meant for an earlier domain with the same domid.</summary>
    public ulong Generation { get; } = generation;

    public bool IsGuest => Domid != 0;

    public bool Introduced { get; set; }

    /// <summary>Whether the domain has shut down and <c>@releaseDomain</c> has fired for that.</summary>
    public bool ShutDown { get; set; }

    /// <summary>The number of nodes that the domain owns.</summary>
    public int Nodes { get; set; }

    /// <summary>The memory of its nodes, watches and open transactions in bytes, counted as in C xenstored.</summary>
    public long Memory { get; set; }

    /// <summary>The number of watches of its connections.</summary>
    public int Watches { get; set; }

    /// <summary>The domain whose rights it has in addition to its own, as a device model has its guest's (<c>SET_TARGET</c>).</summary>
    public Domain? Target { get; set; }

    public List<Session> Sessions { get; } = [];
}
