using Actors.Dispatch.Domains;
using Actors.Loading.Containment;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Loading.Reload;

/// <summary>
/// Notifies plugins of the domains that appear and disappear, and ends their own mechanisms together with the domains. It watches the store
/// from the first plugin on that must know.
/// </summary>
internal sealed class DomainNotices(HostServices services) : IAsyncDisposable
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<Generation, ObserverPump> _pumps = [];
    private readonly HashSet<Generation> _equipped = [];
    private volatile Dictionary<int, DomainIdentity> _domains = [];
    private Task _watching = Task.CompletedTask;
    private string _reported = "";

    /// <summary>Begins to notify a version, which can serve now or again: first of all domains that there are.</summary>
    public void Follow(Generation version)
    {
        lock (_gate)
        {
            if (_stop.IsCancellationRequested)
                return;
            if (_pumps.Remove(version, out var before))
                before.Stop();
            _pumps[version] = new ObserverPump(version, () => _domains);
            Watch();
        }
    }

    /// <summary>Begins to end a version's own mechanisms together with their domains.</summary>
    public void Equip(Generation version)
    {
        lock (_gate)
        {
            if (_stop.IsCancellationRequested)
                return;
            _equipped.Add(version);
            Watch();
        }
    }

    /// <summary>Stops to notify a version.</summary>
    public void Leave(Generation version)
    {
        lock (_gate)
        {
            _equipped.Remove(version);
            if (_pumps.Remove(version, out var pump))
                pump.Stop();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task watching;
        lock (_gate)
        {
            _stop.Cancel();
            foreach (var pump in _pumps.Values)
                pump.Stop();
            watching = _watching;
        }
        await watching;
        _stop.Dispose();
    }

    private void Watch()
    {
        if (_watching.IsCompleted)
            _watching = WatchAsync();
    }

    private async Task WatchAsync()
    {
        // The caller holds the lock.
        await Task.Yield();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var events = services.Store.OpenWatchQueue();
                await events.AddAsync("@introduceDomain", "introduce", _stop.Token);
                await events.AddAsync("@releaseDomain", "release", _stop.Token);
                while (true)
                {
                    await events.NextAsync(_stop.Token);
                    await ListAsync();
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // Stopped.
            }
            catch (Exception error)
            {
                Report(error);
                // What was missed meanwhile is found by the next list.
                await Task.Delay(RetryEvery, services.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }
    }

    // A store or hypervisor that is away is reported elsewhere. Anything else must not end the notices unseen.
    private void Report(Exception error)
    {
        if (error is XenStoreException or XenStoreConnectionException or XenStoreProtocolException or HypervisorException or ObjectDisposedException)
            return;
        var what = Faults.Describe(error);
        if (what != _reported)
            services.Log(null).Warn($"plugins are not notified of domains now: {what}; this is tried again every {RetryEvery.TotalSeconds:0} s");
        _reported = what;
    }

    private async Task ListAsync()
    {
        // Before the list: a domain that is served now exists unless the list says otherwise.
        List<(Generation Version, DomainIdentity Domain)> served;
        lock (_gate)
            served = [.. _equipped.SelectMany(version => version.Served.Select(domain => (version, domain)))];
        var found = new Dictionary<int, DomainIdentity>();
        foreach (var info in (await services.Hypervisor.ListDomainsAsync(_stop.Token)).Where(info => info.State != DomainState.Dying))
        {
            found[info.Domid] = _domains.TryGetValue(info.Domid, out var known) && known.Uuid == info.Uuid ? known
                : new DomainIdentity(info.Domid, info.Uuid, await services.Store.TryReadTextAsync(PolicyKeys.NameOf(info.Domid), _stop.Token) ?? "");
        }
        lock (_gate)
        {
            _domains = found;
            foreach (var pump in _pumps.Values)
                pump.Wake();
        }
        foreach (var (version, domain) in served.Where(pair => found.GetValueOrDefault(pair.Domain.Domid)?.Uuid != pair.Domain.Uuid))
            _ = version.EndDomainAsync(domain);
    }
}
