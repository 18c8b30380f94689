using Actors.XenStore.Protocol;

namespace Actors.XenStore.Embedded;

/// <summary>
/// All watches by path. A change looks only at its own path and the paths above it, however many watches exist.
/// The events of one change have the order of C xenstored: by connection, then by the age of the watch.
/// </summary>
internal sealed class WatchTable
{
    private readonly Dictionary<string, List<Watch>> _byPath = [];
    private readonly Dictionary<string, List<Watch>>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly List<Watch> _matches = [];
    private long _nextId;

    private readonly DomainTable _domains;

    public WatchTable(DomainTable domains)
    {
        _domains = domains;
        _lookup = _byPath.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Adds a watch of a path, which may be relative. The caller must then fire it once.</summary>
    public XenStoreError? Add(Session session, string path, string token, out Watch? watch)
    {
        watch = null;
        var relative = PathRules.IsRelative(path);
        var absolute = PathRules.Resolve(path, session.Domain.Domid);
        if (!PathRules.IsWatchable(absolute))
            return XenStoreError.Invalid;
        if (Find(session, absolute, token) is not null)
            return XenStoreError.Exists;
        if (session.Domain.IsGuest && session.Domain.Watches > _domains.Quota.Watches)
            return XenStoreError.TooBig;
        watch = new Watch(_nextId++, session, absolute, token, relative);
        if (_domains.IsOverMemory(session.Domain.Domid, watch.Memory))
        {
            watch = null;
            return XenStoreError.OutOfMemory;
        }
        if (!_byPath.TryGetValue(absolute, out var list))
            _byPath[absolute] = list = [];
        list.Add(watch);
        session.Watches.Add(watch);
        session.Domain.Watches++;
        session.Domain.Memory += watch.Memory;
        return null;
    }

    public XenStoreError? Remove(Session session, string path, string token)
    {
        var watch = Find(session, PathRules.Resolve(path, session.Domain.Domid), token);
        if (watch is null)
            return XenStoreError.NotFound;
        session.Watches.Remove(watch);
        Forget(watch);
        return null;
    }

    public void RemoveAll(Session session)
    {
        foreach (var watch in session.Watches)
            Forget(watch);
        session.Watches.Clear();
    }

    /// <summary>
    /// Returns the watches of a path and, unless <paramref name="exact"/>, of all paths above it. The list is valid until the next call.
    /// </summary>
    public List<Watch> Watching(string path, bool exact)
    {
        _matches.Clear();
        if (_byPath.Count == 0)
            return _matches;
        Match(path);
        if (!exact && !PathRules.IsSpecial(path))
            for (var above = path.AsSpan(); above.Length > 1;)
                Match(above = PathRules.Parent(above));
        if (_matches.Count > 1)
            _matches.Sort(static (a, b) => a.Session.Id != b.Session.Id ? a.Session.Id.CompareTo(b.Session.Id) : a.Id.CompareTo(b.Id));
        return _matches;
    }

    private void Match(ReadOnlySpan<char> path)
    {
        if (_lookup.TryGetValue(path, out var list))
            _matches.AddRange(list);
    }

    private Watch? Find(Session session, string absolute, string token)
    {
        if (_byPath.TryGetValue(absolute, out var list))
            foreach (var watch in list)
                if (watch.Session == session && watch.Token == token)
                    return watch;
        return null;
    }

    private void Forget(Watch watch)
    {
        var list = _byPath[watch.Path];
        list.Remove(watch);
        if (list.Count == 0)
            _byPath.Remove(watch.Path);
        watch.Session.Domain.Watches--;
        watch.Session.Domain.Memory -= watch.Memory;
        watch.Session.Sink.Removed(watch);
    }
}
