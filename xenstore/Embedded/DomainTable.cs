namespace Actors.XenStore.Embedded;

/// <summary>The domains that the store knows, and its generation counter. The caller must hold the lock.</summary>
internal sealed class DomainTable(Func<int, bool>? exists)
{
    private static readonly NodePermissions OnlyDom0 = new(new NodePermission(0, NodeAccess.None));
    private readonly Dictionary<int, Domain> _domains = new() { [0] = new Domain(0, 0) { Introduced = true } };

    /// <summary>The quotas of all guests.</summary>
    public GuestQuota Quota { get; } = new();

    /// <summary>The generation. Every change of a node and every transaction increments it.</summary>
    public ulong Generation { get; private set; }

    /// <summary>All known domains.</summary>
    public IReadOnlyCollection<Domain> All => _domains.Values;

    /// <summary>The permissions for watching <c>@introduceDomain</c>.</summary>
    public NodePermissions IntroducePermissions { get; set; } = OnlyDom0;

    /// <summary>The permissions for watching <c>@releaseDomain</c>.</summary>
    public NodePermissions ReleasePermissions { get; set; } = OnlyDom0;

    public ulong NextGeneration() => ++Generation;

    /// <summary>Returns the domain with a domid, and adds it if it is not known.</summary>
    public Domain GetOrAdd(int domid)
    {
        if (!_domains.TryGetValue(domid, out var domain))
            _domains[domid] = domain = new Domain(domid, Generation);
        return domain;
    }

    public Domain? Find(int domid) => _domains.GetValueOrDefault(domid);

    public Domain? FindIntroduced(int domid) => Find(domid) is { Introduced: true } domain ? domain : null;

    /// <summary>Adds a domain if it exists, introduced or not. Returns <see langword="false"/> if it does not exist.</summary>
    public bool TryGetOrAdd(int domid)
    {
        if (_domains.ContainsKey(domid))
            return true;
        if (exists is null || !exists(domid))
            return false;
        GetOrAdd(domid);
        return true;
    }

    /// <summary>Returns whether adding so many bytes would exceed the memory quota of a domain.</summary>
    public bool IsOverMemory(int domid, long more) => domid != 0 && GetOrAdd(domid).Memory + more > Quota.Memory;

    public void Forget(Domain domain)
    {
        _domains.Remove(domain.Domid);
        foreach (var other in _domains.Values)
            if (other.Target == domain)
                other.Target = null;
        IntroducePermissions = Without(domain.Domid, IntroducePermissions);
        ReleasePermissions = Without(domain.Domid, ReleasePermissions);
    }

    private static NodePermissions Without(int domid, NodePermissions permissions)
    {
        var first = permissions.Entries[0];
        return new NodePermissions([
            first.Domid == domid ? first with { Domid = 0 } : first,
            .. permissions.Entries.Skip(1).Where(entry => entry.Domid != domid)]);
    }
}
