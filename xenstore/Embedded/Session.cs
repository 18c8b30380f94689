namespace Actors.XenStore.Embedded;

/// <summary>The state of one connection: its domain, its watches and its transactions.</summary>
internal sealed class Session(long id, Domain domain, IWatchSink sink)
{
    private uint _nextTransaction = 1;

    /// <summary>The number of the connection, in order of creation. The events of one change are delivered in this order.</summary>
    public long Id { get; } = id;

    public Domain Domain { get; } = domain;

    public string Home { get; } = Protocol.PathRules.HomeOf(domain.Domid);

    public IWatchSink Sink { get; } = sink;

    public HashSet<Watch> Watches { get; } = [];

    public Dictionary<uint, Transaction> Transactions { get; } = [];

    /// <summary>Whether the session was closed, or ended because its domain was released.</summary>
    public bool Ended { get; set; }

    /// <summary>Returns a number for a new transaction. It is never 0, which means no transaction on the wire.</summary>
    public uint NextTransactionId()
    {
        while (_nextTransaction == 0 || Transactions.ContainsKey(_nextTransaction))
            _nextTransaction++;
        return _nextTransaction++;
    }

    /// <summary>Returns whether the session has the access to a node.</summary>
    public bool May(NodeAccess access, Node node) =>
        !Domain.IsGuest || (AccessTo(node.Permissions, node.PermissionsSince) & access) == access;

    /// <summary>Returns whether the session may read a node with these permissions.</summary>
    public bool MayRead(NodePermissions permissions, ulong since) =>
        !Domain.IsGuest || AccessTo(permissions, since).HasFlag(NodeAccess.Read);

    /// <summary>Returns whether the session owns a node with these permissions, or is dom0.</summary>
    public bool Owns(NodePermissions permissions) =>
        !Domain.IsGuest || permissions.Owner == Domain.Domid || permissions.Owner == Domain.Target?.Domid;

    private NodeAccess AccessTo(NodePermissions permissions, ulong since)
    {
        if (Owns(permissions))
            return NodeAccess.Both;
        var entries = permissions.Entries;
        for (var i = 1; i < entries.Count; i++)
            if (Is(Domain, entries[i].Domid, since) || Is(Domain.Target, entries[i].Domid, since))
                return entries[i].Access;
        return entries[0].Access;
    }

    private static bool Is(Domain? domain, int domid, ulong since) => domain?.Domid == domid && domain.Generation <= since;
}

/// <summary>Receives the watch events of a session. The store is locked during the calls.</summary>
internal interface IWatchSink
{
    /// <summary>A watch has fired.</summary>
    void Deliver(Watch watch, string path);

    /// <summary>A watch was removed. A sink that can drop its queued events does so.</summary>
    void Removed(Watch watch);

    /// <summary>The domain of the session was released. No more events arrive and no more requests are accepted.</summary>
    void Ended();
}
