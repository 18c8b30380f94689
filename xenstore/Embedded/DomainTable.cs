namespace Actors.XenStore.Embedded;

/// <summary>The domains that the store has met, and its generation count. Locked by the caller.</summary>
internal sealed class DomainTable(Func<int, bool>? exists)
{
    private static readonly NodePermissions OnlyDom0 = new(new NodePermission(0, NodeAccess.None));
    private readonly Dictionary<int, Domain> _domains = new() { [0] = new Domain(0, 0) { Introduced = true } };

    /// <summary>Grows with every change of a node and with every transaction.</summary>
    public ulong Generation { get; private set; }

    /// <summary>Who may watch <c>@introduceDomain</c>.</summary>
    public NodePermissions IntroducePermissions { get; set; } = OnlyDom0;

    /// <summary>Who may watch <c>@releaseDomain</c>.</summary>
    public NodePermissions ReleasePermissions { get; set; } = OnlyDom0;

    public ulong NextGeneration() => ++Generation;

    /// <summary>The domain of a domid, met now if it was not before.</summary>
    public Domain Meet(int domid)
    {
        if (!_domains.TryGetValue(domid, out var domain))
            _domains[domid] = domain = new Domain(domid, Generation);
        return domain;
    }

    public Domain? Find(int domid) => _domains.GetValueOrDefault(domid);

    public Domain? FindIntroduced(int domid) => Find(domid) is { Introduced: true } domain ? domain : null;

    /// <summary>Meets a domain that exists, introduced or not; <see langword="false"/> when there is none.</summary>
    public bool TryMeet(int domid)
    {
        if (_domains.ContainsKey(domid))
            return true;
        if (exists is null || !exists(domid))
            return false;
        Meet(domid);
        return true;
    }

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
