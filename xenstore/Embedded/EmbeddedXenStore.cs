using Actors.XenStore.Protocol;

namespace Actors.XenStore.Embedded;

/// <summary>
/// A xenstore in this process with the behaviour of C xenstored: permissions, quotas, watches, transactions and their conflicts.
/// Many threads can use it at the same time. Every operation completes synchronously, so a single-threaded program with a clock of
/// its own is deterministic.
/// </summary>
public sealed class EmbeddedXenStore
{
    /// <summary>The first domid that is reserved (<c>DOMID_FIRST_RESERVED</c>, xen/xen.h). It is also the domid by which a domain means itself (<c>DOMID_SELF</c>).</summary>
    internal const int FirstReservedDomid = 0x7FF0;

    private readonly Lock _gate = new();
    private readonly List<IDeferredAction> _deferred = [];
    private long _nextSession;

    /// <summary>Creates a store with the nodes of a new xenstored: <c>/tool/xenstored</c>.</summary>
    /// <param name="domainExists">
    /// Returns whether the hypervisor knows a domid. Only a domain that exists can own a node. The store calls the function while it is
    /// locked, so the function must return quickly and must not use the store. Without it, the domains that were introduced or connected exist.
    /// </param>
    /// <param name="observer">Receives every change of a node, starting with the nodes of a new store.</param>
    public EmbeddedXenStore(Func<int, bool>? domainExists = null, INodeObserver? observer = null)
    {
        Domains = new DomainTable(domainExists);
        Watches = new WatchTable(Domains);
        Nodes = new LiveNodes(Watches, Domains, observer);
    }

    internal WatchTable Watches { get; }

    internal DomainTable Domains { get; }

    internal LiveNodes Nodes { get; }

    /// <summary>
    /// Opens a connection with the rights of a domain. A <paramref name="domid"/> other than 0 has the permissions and the quotas
    /// of a guest. The connection ends when it is disposed or when the domain is released.
    /// </summary>
    public IXenStore Connect(int domid)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(domid);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(domid, FirstReservedDomid);
        return new EmbeddedConnection(this, domid);
    }

    /// <summary>Returns whether a domain was introduced and not released. dom0 is always introduced.</summary>
    public bool IsIntroduced(int domid)
    {
        using (Enter())
            return Domains.FindIntroduced(domid) is not null;
    }

    /// <summary>
    /// Informs the store that a domain has shut down or crashed, as the hypervisor informs a xenstored. <c>@releaseDomain</c> fires once.
    /// The domain stays introduced and keeps its nodes until it is released.
    /// </summary>
    public void AnnounceShutdown(int domid)
    {
        using (Enter())
        {
            if (Domains.FindIntroduced(domid) is not { ShutDown: false } domain)
                return;
            domain.ShutDown = true;
            Nodes.FireSpecial(PathRules.ReleaseDomain, Domains.ReleasePermissions);
        }
    }

    /// <summary>Locks the store. The actions of <see cref="Defer"/> run after the lock is released.</summary>
    internal Entered Enter()
    {
        _gate.Enter();
        return new Entered(this);
    }

    /// <summary>Defers an action that must not run while the store is locked, such as completing the wait for an event.</summary>
    internal void Defer(IDeferredAction action) => _deferred.Add(action);

    internal Session Open(int domid, IWatchSink sink)
    {
        var session = new Session(_nextSession++, Domains.GetOrAdd(domid), sink);
        session.Domain.Sessions.Add(session);
        return session;
    }

    internal void Close(Session session)
    {
        if (session.Ended)
            return;
        session.Ended = true;
        session.Domain.Sessions.Remove(session);
        Reset(session);
    }

    /// <summary>Ends a session's watches and transactions.</summary>
    internal void Reset(Session session)
    {
        Watches.RemoveAll(session);
        foreach (var transaction in session.Transactions.Values)
            transaction.Discard();
        session.Transactions.Clear();
    }

    internal XenStoreError? Introduce(int domid, uint eventChannel)
    {
        if (eventChannel == 0 || domid is < 0 or >= FirstReservedDomid)
            return XenStoreError.Invalid;
        var domain = Domains.GetOrAdd(domid);
        if (domain.Introduced)
        {
            // A second introduction means a new kernel in the domain (kexec, resume). It does not need the watches of the old one.
            if (domain.IsGuest)
                domain.Sessions.ForEach(Reset);
            return null;
        }
        domain.Introduced = true;
        Nodes.FireSpecial(PathRules.IntroduceDomain, Domains.IntroducePermissions);
        return null;
    }

    /// <summary>Returns the error that <see cref="Release"/> would return.</summary>
    internal XenStoreError? CheckRelease(int domid) =>
        domid is <= 0 or >= FirstReservedDomid ? XenStoreError.Invalid
        : Domains.FindIntroduced(domid) is null ? XenStoreError.NotFound
        : null;

    internal XenStoreError? Release(int domid)
    {
        if (CheckRelease(domid) is { } error)
            return error;
        var domain = Domains.GetOrAdd(domid);
        foreach (var session in domain.Sessions.ToArray())
        {
            Close(session);
            session.Sink.Ended();
        }
        if (Nodes.Get(PathRules.Root) is { } root)
            RemoveNodesOf(domain, root);
        Domains.Forget(domain);
        Nodes.FireSpecial(PathRules.ReleaseDomain, Domains.ReleasePermissions);
        return null;
    }

    internal XenStoreError? IsIntroduced(int domid, out bool isIntroduced)
    {
        isIntroduced = domid == FirstReservedDomid || Domains.FindIntroduced(domid) is not null;
        return Domids.IsValid(domid) ? null : XenStoreError.Invalid;
    }

    internal XenStoreError? Resume(int domid)
    {
        if (CheckRelease(domid) is { } error)
            return error;
        Domains.GetOrAdd(domid).ShutDown = false;
        return null;
    }

    internal XenStoreError? SetTarget(int domid, int target)
    {
        if (!Domids.IsValid(domid) || !Domids.IsValid(target))
            return XenStoreError.Invalid;
        if (Domains.FindIntroduced(domid) is not { } domain || Domains.FindIntroduced(target) is not { } other)
            return XenStoreError.NotFound;
        domain.Target = other;
        return null;
    }

    /// <summary>Removes the nodes that a domain owns, and all nodes below them.</summary>
    private void RemoveNodesOf(Domain domain, Node node)
    {
        var prefix = node.Path is PathRules.Root ? "" : node.Path;
        foreach (var name in node.Children.ToArray())
        {
            if (domain.Nodes == 0)
                return;
            if (Nodes.Get($"{prefix}/{name}") is not { } child)
                continue;
            if (child.Permissions.Owner == domain.Domid)
                NodeOperations.Remove(Nodes, child);
            else
                RemoveNodesOf(domain, child);
        }
    }

    private void Leave()
    {
        IDeferredAction[] actions = _deferred.Count == 0 ? [] : [.. _deferred];
        _deferred.Clear();
        _gate.Exit();
        foreach (var action in actions)
            action.Run();
    }

    /// <summary>The scope of the lock. Disposing it releases the lock.</summary>
    internal readonly ref struct Entered(EmbeddedXenStore store)
    {
        public void Dispose() => store.Leave();
    }
}

/// <summary>An action that runs after the lock of the store is released.</summary>
internal interface IDeferredAction
{
    void Run();
}
