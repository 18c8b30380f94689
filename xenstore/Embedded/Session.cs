namespace Actors.XenStore.Embedded;

/// <summary>What the store knows of one connection: whose rights it has, its watches and its transactions.</summary>
internal sealed class Session(long id, Domain domain, IWatchSink sink)
{
    private uint _nextTransaction = 1;

    /// <summary>Grows from connection to connection; events of one change come in this order.</summary>
    public long Id { get; } = id;

    public Domain Domain { get; } = domain;

    public string Home { get; } = Protocol.PathRules.HomeOf(domain.Domid);

    public IWatchSink Sink { get; } = sink;

    public HashSet<Watch> Watches { get; } = [];

    public Dictionary<uint, Transaction> Transactions { get; } = [];

    /// <summary>Whether the session has ended: by itself, or because its domain was released.</summary>
    public bool Ended { get; set; }

    /// <summary>A number for a new transaction; 0 stands for none on the wire.</summary>
    public uint NextTransactionId()
    {
        while (_nextTransaction == 0 || Transactions.ContainsKey(_nextTransaction))
            _nextTransaction++;
        return _nextTransaction++;
    }

    /// <summary>Whether the session may do all of that to a node.</summary>
    public bool May(NodeAccess access, Node node) =>
        !Domain.IsGuest || (AccessTo(node.Permissions, node.PermissionsSince) & access) == access;

    /// <summary>Whether the session may read what had these permissions.</summary>
    public bool MayRead(NodePermissions permissions, ulong since) =>
        !Domain.IsGuest || AccessTo(permissions, since).HasFlag(NodeAccess.Read);

    /// <summary>Whether the session is an owner of what has these permissions, or is dom0.</summary>
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

/// <summary>Takes a session's watch events. Called with the store locked.</summary>
internal interface IWatchSink
{
    /// <summary>A watch has fired.</summary>
    void Deliver(Watch watch, string path);

    /// <summary>A watch is gone: drop what it has queued, if that is how this sink works.</summary>
    void Removed(Watch watch);

    /// <summary>The session's domain was released: nothing more will come, and nothing more can be asked.</summary>
    void Ended();
}
