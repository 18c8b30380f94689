using Actors.Sdk;

namespace Actors.Chains.Files;

/// <summary>Checks that the C# of old versions leaves the memory, and logs a warning if it does not.</summary>
internal sealed class RetiredPolicies(IActorLog log)
{
    // If more than these remain without any run on them, they leak; the garbage collector is not just late.
    private const int MaxLingering = 8;

    private readonly List<PolicyVersion> _versions = [];
    private readonly List<(string Name, WeakReference Program)> _unloading = [];

    public void Add(IReadOnlyList<PolicyVersion> versions)
    {
        foreach (var version in versions)
            version.Retire();
        _versions.AddRange(versions);
        foreach (var version in _versions.Where(version => version.Ended))
            _unloading.AddRange(version.LoadedPrograms.Select(program => ($"'{version.Name}' {version.Hash}", program)));
        _versions.RemoveAll(version => version.Ended);
        _unloading.RemoveAll(one => !one.Program.IsAlive);
        if (_unloading.Count <= MaxLingering)
            return;
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        _unloading.RemoveAll(one => !one.Program.IsAlive);
        if (_unloading.Count > MaxLingering)
            log.Warn($"{_unloading.Count} old scripts are still in memory, although no run uses them: {string.Join(", ", _unloading.Select(one => one.Name).Distinct().Take(5))}, …; restart the daemon when convenient");
    }
}
