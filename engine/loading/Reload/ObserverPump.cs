using Actors.Sdk;

namespace Actors.Loading.Reload;

/// <summary>
/// Notifies one version of a plugin, one domain at a time. It compares what the plugin knows with what there is, so a slow plugin misses
/// domains that are gone already, and nothing piles up.
/// </summary>
internal sealed class ObserverPump
{
    private readonly Generation _version;
    private readonly Func<IReadOnlyDictionary<int, DomainIdentity>> _domains;
    private readonly Dictionary<int, DomainIdentity> _known = [];
    private volatile TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _stopped;

    public ObserverPump(Generation version, Func<IReadOnlyDictionary<int, DomainIdentity>> domains)
    {
        (_version, _domains) = (version, domains);
        _ = RunAsync();
    }

    /// <summary>Call it when the domains have changed.</summary>
    public void Wake() => _changed.TrySetResult();

    public void Stop()
    {
        _stopped = true;
        Wake();
    }

    private async Task RunAsync()
    {
        // The creator holds a lock.
        await Task.Yield();
        while (!_stopped)
        {
            var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _changed = changed;
            // Stopped before the signal was replaced.
            if (_stopped)
                return;
            if (Next(_domains()) is var (domain, exists))
                await _version.NotifyAsync(domain, exists);
            else
                await changed.Task;
        }
    }

    private (DomainIdentity Domain, bool Exists)? Next(IReadOnlyDictionary<int, DomainIdentity> domains)
    {
        if (_known.Values.FirstOrDefault(known => domains.GetValueOrDefault(known.Domid)?.Uuid != known.Uuid) is { } gone)
        {
            _known.Remove(gone.Domid);
            return (gone, false);
        }
        if (domains.Values.OrderBy(domain => domain.Domid).FirstOrDefault(domain => !_known.ContainsKey(domain.Domid)) is { } appeared)
        {
            _known[appeared.Domid] = appeared;
            return (appeared, true);
        }
        return null;
    }
}
