using Actors.Sdk;

namespace Actors.Chains.Files;

/// <summary>Sees to it that the C# of old versions leaves the memory, and tells when it does not.</summary>
internal sealed class RetiredPolicies(IActorLog log)
{
    // More than these, with no run on them, are a leak and not the collector's leisure.
    private const int MostLingering = 8;

    private readonly List<PolicyVersion> _versions = [];
    private readonly List<(string Name, WeakReference Life)> _gone = [];

    public void Add(IReadOnlyList<PolicyVersion> versions)
    {
        foreach (var version in versions)
            version.Retire();
        _versions.AddRange(versions);
        foreach (var version in _versions.Where(version => version.Gone))
            _gone.AddRange(version.Lives.Select(life => ($"'{version.Name}' {version.Hash}", life)));
        _versions.RemoveAll(version => version.Gone);
        _gone.RemoveAll(one => !one.Life.IsAlive);
        if (_gone.Count <= MostLingering)
            return;
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        _gone.RemoveAll(one => !one.Life.IsAlive);
        if (_gone.Count > MostLingering)
            log.Warn($"{_gone.Count} old scripts stay in memory, though no run is on them: {string.Join(", ", _gone.Select(one => one.Name).Distinct().Take(5))}, …; restart the daemon at leisure");
    }
}
