using Actors.XenStore.Protocol;

namespace Actors.XenStore.Embedded;

/// <summary>
/// A xenstore in this process, with the behaviour of C xenstored: permissions, quotas, watches, transactions and their conflicts.
/// It can be used from many threads at once. Every operation completes at once, so that a program on one thread which uses no
/// other clock than its own does the same thing every time.
/// </summary>
public sealed class EmbeddedXenStore
{
    /// <summary>The first domid that means no domain (<c>DOMID_FIRST_RESERVED</c>, xen/xen.h).</summary>
    internal const int FirstReservedDomid = 0x7FF0;

    private readonly Lock _gate = new();
    private readonly List<IAfterwards> _afterwards = [];
    private long _nextSession;

    /// <summary>Makes a store that holds what a new xenstored does: <c>/tool/xenstored</c>.</summary>
    /// <param name="domainExists">
    /// Whether the hypervisor knows a domid; a node can be given only to a domain that exists. Asked while the store is locked: it
    /// must answer at once and not use the store. Without it, the domains that were introduced or connected exist.
    /// </param>
    /// <param name="observer">Told of every change of a node, beginning with those that a new store holds.</param>
    public EmbeddedXenStore(Func<int, bool>? domainExists = null, INodeObserver? observer = null)
    {
        Domains = new DomainTable(domainExists);
        Nodes = new LiveNodes(Watches, Domains, observer);
    }

    internal WatchTable Watches { get; } = new();

    internal DomainTable Domains { get; }

    internal LiveNodes Nodes { get; }

    /// <summary>
    /// Opens a connection with the rights of a domain: for a <paramref name="domid"/> other than 0 its permissions, and the quotas
    /// of a guest. It ends when it is disposed, or when the domain is released.
    /// </summary>
    public IXenStore Connect(int domid)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(domid);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(domid, FirstReservedDomid);
        return new EmbeddedConnection(this, domid);
    }

    /// <summary>Whether a domain was introduced and has not been released; dom0 always is.</summary>
    public bool IsIntroduced(int domid)
    {
        using (Enter())
            return Domains.FindIntroduced(domid) is not null;
    }

    /// <summary>
    /// Tells the store that a domain has shut down or crashed, as the hypervisor tells a xenstored. <c>@releaseDomain</c> fires, once;
    /// the domain stays introduced and keeps its nodes until it is released.
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

    /// <summary>Locks the store. What was put off with <see cref="Afterwards"/> is done when the lock has been left.</summary>
    internal Entered Enter()
    {
        _gate.Enter();
        return new Entered(this);
    }

    /// <summary>Puts off what must not be done while the store is locked: waking those who wait for an event.</summary>
    internal void Afterwards(IAfterwards action) => _afterwards.Add(action);

    internal Session Open(int domid, IWatchSink sink)
    {
        var session = new Session(_nextSession++, Domains.Meet(domid), sink);
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
        session.Transactions.Clear();
    }

    internal XenStoreError? Introduce(int domid, uint eventChannel)
    {
        if (eventChannel == 0 || domid is < 0 or >= FirstReservedDomid)
            return XenStoreError.Invalid;
        var domain = Domains.Meet(domid);
        if (domain.Introduced)
        {
            // A second time means a new kernel in the domain (kexec, resume): what the old one watched is no longer wanted.
            if (domain.IsGuest)
                domain.Sessions.ForEach(Reset);
            return null;
        }
        domain.Introduced = true;
        Nodes.FireSpecial(PathRules.IntroduceDomain, Domains.IntroducePermissions);
        return null;
    }

    internal XenStoreError? Release(int domid)
    {
        if (domid == 0)
            return XenStoreError.Invalid;
        if (Domains.FindIntroduced(domid) is not { } domain)
            return XenStoreError.NotFound;
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

    internal XenStoreError? Resume(int domid)
    {
        if (domid == 0)
            return XenStoreError.Invalid;
        if (Domains.FindIntroduced(domid) is not { } domain)
            return XenStoreError.NotFound;
        domain.ShutDown = false;
        return null;
    }

    internal XenStoreError? SetTarget(int domid, int target)
    {
        if (Domains.FindIntroduced(domid) is not { } domain || Domains.FindIntroduced(target) is not { } other)
            return XenStoreError.NotFound;
        domain.Target = other;
        return null;
    }

    /// <summary>A domain takes with it the nodes that it owns, and what is below them.</summary>
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
        IAfterwards[] actions = _afterwards.Count == 0 ? [] : [.. _afterwards];
        _afterwards.Clear();
        _gate.Exit();
        foreach (var action in actions)
            action.Run();
    }

    /// <summary>The store is locked until this is disposed.</summary>
    internal readonly ref struct Entered(EmbeddedXenStore store)
    {
        public void Dispose() => store.Leave();
    }
}

/// <summary>Something to be done when the store's lock has been left.</summary>
internal interface IAfterwards
{
    void Run();
}
