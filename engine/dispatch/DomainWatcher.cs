using System.Collections.Concurrent;
using System.Globalization;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Monitoring;
using Actors.Dispatch.Registry;
using Actors.Dispatch.Retries;
using Actors.Dispatch.Runs;
using Actors.Dispatch.Settings;
using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Dispatch;

/// <summary>Follows the list of domains, watches the policy keys of each, and pokes the mailbox of the domain whose keys changed.</summary>
internal sealed class DomainWatcher(HostServices services, ActorDirectory directory, StoredSettings? stored = null) : IEngagedDomains, IAsyncDisposable
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);

    private readonly IXenStore _store = services.Store;
    private readonly IWatchQueue _events = services.Store.OpenWatchQueue();
    private readonly DomainFolders _folders = new(services.Store, stored ?? new StoredSettings(services, new SettingsArchive(null, services.Time)));
    private readonly ConcurrentDictionary<int, (Guid Uuid, Mailbox Mailbox)> _mailboxes = [];
    private readonly HashSet<int> _restoredTargets = [];
    private readonly CancellationTokenSource _stop = new();
    private DomainWatches? _watches;
    private FootprintMonitor? _monitor;
    private Task _loop = Task.CompletedTask;
    private Task<WatchEvent>? _next;
    private string? _problem;
    private bool _watchesAreMissing;

    /// <summary>Every state, right after it was written.</summary>
    public event Action<DomainIdentity, StateKey>? StateChanged;

    /// <summary>Publishes the host in xenstore again. Called when xenstore has lost its contents, after the keys of the domains were restored.</summary>
    public Func<Task> Emptied { get; set; } = () => Task.CompletedTask;

    /// <summary>Publishes what could not be published while the store was away. Called when the domains were listed, which also happens after a reconnection.</summary>
    public Func<Task> Listed { get; set; } = () => Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellation)
    {
        await _folders.StartAsync(cancellation);
        _watches = new DomainWatches(_events);
        await _watches.StartAsync(cancellation);
        directory.Changed += PokeAll;
        services.HoldingsChanged += ReportHoldingsChanged;
        _loop = LoopAsync();
        _monitor = new FootprintMonitor(
            services, () => _mailboxes.Values.Select(entry => entry.Mailbox), new RetryQueue(services));
        _monitor.Start();
    }

    public async ValueTask DisposeAsync()
    {
        directory.Changed -= PokeAll;
        services.HoldingsChanged -= ReportHoldingsChanged;
        _stop.Cancel();
        if (_monitor is not null)
            await _monitor.DisposeAsync();
        await _loop;
        // Each of them may wait for a store that is away.
        await Task.WhenAll(_mailboxes.Values.Select(entry => entry.Mailbox.DisposeAsync().AsTask()));
        await _events.DisposeAsync();
        _stop.Dispose();
    }

    public IReadOnlyList<HostDomain> EngagedBy(string actor) =>
        [.. _mailboxes.Values.Select(entry => entry.Mailbox.Domain).Where(domain => domain.Engaged.Has(actor)).OrderBy(domain => domain.Identity.Domid)];

    public void RetryTarget(HostDomain domain)
    {
        if (_mailboxes.TryGetValue(domain.Identity.Domid, out var entry) && entry.Mailbox.Domain == domain)
            entry.Mailbox.Poke(KeyChange.Retry);
    }

    private void ReportHoldingsChanged(int domid)
    {
        if (_mailboxes.TryGetValue(domid, out var entry))
            entry.Mailbox.HoldingsChanged();
    }

    private async Task LoopAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (await NextAsync() is not var (path, token) || token == DomainWatches.DomainsToken)
                    await SyncAsync();
                else
                    await ReportAsync(path, int.Parse(token, CultureInfo.InvariantCulture));
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // Stopped.
            }
            catch (Exception error)
            {
                await ReportProblemAsync(error);
            }
        }
    }

    // The store has rejected watches after a reconnection, or something unexpected happened: the targets of all domains depend on this loop.
    private async Task ReportProblemAsync(Exception error)
    {
        if (!_watchesAreMissing)
            services.Log(null).Warn($"events of xenstore may be missing, so every watch is added again: {error.Message}");
        _watchesAreMissing = true;
        _problem ??= error.Message;
        if (error is not XenStoreException)
            await Task.Delay(RetryEvery, services.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private async ValueTask ReportAsync(string path, int domid)
    {
        if (!_mailboxes.TryGetValue(domid, out var entry))
            return;
        var key = DomainEvents.KeyOf(path);
        if (DomainEvents.ChangeAt(key) is not (var change and not KeyChange.None))
            return;
        if (DomainEvents.MayEndFolder(key))
            await CheckFolderAsync(entry.Mailbox);
        // Only a target that a toolstack writes ends what another program has begun.
        entry.Mailbox.Poke(change == KeyChange.Target && _restoredTargets.Remove(domid) ? KeyChange.Settings : change);
    }

    // No event announces that a hypervisor or a store works again, so after a problem the list is read again every second.
    private async ValueTask<WatchEvent?> NextAsync()
    {
        if (_problem is null && _next is null)
            return await _events.NextAsync(_stop.Token);
        _next ??= _events.NextAsync(_stop.Token).AsTask();
        if (_problem is not null && await Task.WhenAny(_next, Task.Delay(RetryEvery, services.Time, _stop.Token)) != _next)
        {
            _stop.Token.ThrowIfCancellationRequested();
            return null;
        }
        var next = _next;
        _next = null;
        return await next;
    }

    private void PokeAll()
    {
        foreach (var (_, mailbox) in _mailboxes.Values)
            mailbox.Poke(KeyChange.Directory);
    }

    private async Task SyncAsync()
    {
        string? problem;
        try
        {
            var missing = _watchesAreMissing ? await Attempt.RunAsync("events of some domains are missing", () => _watches!.RenewAsync(_stop.Token).AsTask()) : null;
            _watchesAreMissing = missing is not null;
            problem = await ListAsync() ?? missing;
        }
        catch (XenStoreConnectionException away)
        {
            // The platform reports that xenstored is away.
            _problem = away.Message;
            return;
        }
        if (problem is not null && problem != _problem)
            services.Log(null).Warn($"{problem}; retrying every second");
        _problem = problem;
    }

    private Task<string?> ListAsync() => Attempt.RunAsync("the domains could not be listed", async () =>
    {
        var known = await _folders.ListAsync(_stop.Token);
        var alive = (await services.Hypervisor.ListDomainsAsync(_stop.Token)).Where(info => info.State != DomainState.Dying).ToDictionary(info => info.Domid);
        if (await _folders.IsEmptiedAsync(_stop.Token))
        {
            await RestoreAllAsync(alive);
            known = await _folders.ListAsync(_stop.Token);
        }
        else
        {
            await Listed();
        }
        return await UpdateMailboxesAsync(alive.Where(domain => known.Contains(domain.Key)).ToDictionary());
    });

    private async Task CheckFolderAsync(Mailbox mailbox)
    {
        var identity = mailbox.Domain.Identity;
        string? problem;
        try
        {
            problem = await Attempt.RunAsync($"the keys of domain {identity.Domid} could not be checked", CheckAsync);
        }
        catch (XenStoreConnectionException)
        {
            // Every watch fires again when the store is back.
            return;
        }
        if (problem is not null)
            services.Log(null).Debug(problem);

        async Task CheckAsync()
        {
            if (!await _folders.IsLostAsync(identity.Domid, _stop.Token))
                return;
            if (await _folders.IsEmptiedAsync(_stop.Token))
                await SyncAsync();
            else
                await RestoreAsync(mailbox);
        }
    }

    private async Task RestoreAllAsync(Dictionary<int, DomainInfo> alive)
    {
        services.Log(null).Warn("xenstore has lost its contents; the settings and states of all domains are written again");
        foreach (var (_, mailbox) in _mailboxes.Values.Where(entry => alive.GetValueOrDefault(entry.Mailbox.Domid)?.Uuid == entry.Uuid))
            await RestoreAsync(mailbox);
        await services.Learned.RepublishAsync(_stop.Token);
        await Emptied();
    }

    private async Task RestoreAsync(Mailbox mailbox)
    {
        if (await _folders.OpenAsync(mailbox.Domain.Identity, _stop.Token))
            _restoredTargets.Add(mailbox.Domid);
        await mailbox.RepublishAsync(_stop.Token);
    }

    // A domain that causes an error does not stop the others.
    private async Task<string?> UpdateMailboxesAsync(Dictionary<int, DomainInfo> alive)
    {
        string? problem = null;
        foreach (var (domid, (uuid, _)) in _mailboxes.ToList())
        {
            if (!alive.TryGetValue(domid, out var info) || info.Uuid != uuid)
                problem = await Attempt.RunAsync($"domain {domid} has ended but could not be removed", () => RemoveAsync(domid)) ?? problem;
        }
        foreach (var info in alive.Values.Where(info => !_mailboxes.ContainsKey(info.Domid)))
            problem = await Attempt.RunAsync($"domain {info.Domid} could not be added", () => AddAsync(info)) ?? problem;
        return problem;
    }

    private async Task AddAsync(DomainInfo info)
    {
        var name = await _store.TryReadTextAsync(PolicyKeys.NameOf(info.Domid), _stop.Token);
        var identity = new DomainIdentity(info.Domid, info.Uuid, name ?? "");
        await _folders.OpenAsync(identity, _stop.Token);
        var last = await StateStore.TryReadAsync(_store, info.Domid, _stop.Token);
        var domain = new HostDomain(identity, services, new Engagements(last?.Engaged ?? [], last?.Target));
        var state = new StateWriter(domain, services, last, await WaitingStore.TryReadAsync(_store, info.Domid, _stop.Token));
        state.StateChanged += written => StateChanged?.Invoke(identity, written);
        var balloonTarget = domain.Store.BalloonTarget;
        var secondWriter = new SecondWriter(balloonTarget, _store, services.Time, info.Domid);
        await secondWriter.LoadAsync(last, _stop.Token);
        if (last?.Engaged.Count > 0)
            await domain.Store.Keys.LoadAsync(info.Domid, _stop.Token);
        await _watches!.FollowAsync(info.Domid, _stop.Token);
        balloonTarget.Watched = true;
        _folders.Settings.Archive.Begin(info.Uuid);
        _mailboxes[info.Domid] = (info.Uuid, new Mailbox(domain, services, directory, _folders.Settings, state, secondWriter));
    }

    private async Task RemoveAsync(int domid)
    {
        _mailboxes.Remove(domid, out var entry);
        _restoredTargets.Remove(domid);
        await entry.Mailbox.DisposeAsync();
        _folders.Settings.Archive.End(entry.Uuid);
        await _watches!.LeaveAsync(domid);
        await _folders.RemoveLeftoverAsync(domid);
    }
}
