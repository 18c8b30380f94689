using System.Collections.Concurrent;
using System.Globalization;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Monitoring;
using Actors.Dispatch.Registry;
using Actors.Dispatch.Retries;
using Actors.Dispatch.Runs;
using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Dispatch;

/// <summary>Follows the list of domains, watches the policy keys of each, and pokes the mailbox of the domain whose keys changed.</summary>
internal sealed class DomainWatcher(HostServices services, ActorDirectory directory) : IEngagedDomains, IAsyncDisposable
{
    private const string DomainsToken = "domains";
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);

    private readonly IXenStore _store = services.Store;
    private readonly IWatchQueue _watches = services.Store.OpenWatchQueue();
    private readonly ConcurrentDictionary<int, (Guid Uuid, Mailbox Mailbox)> _mailboxes = [];
    private readonly CancellationTokenSource _stop = new();
    private DriverWatch? _drivers;
    private FootprintMonitor? _monitor;
    private Task _loop = Task.CompletedTask;
    private Task<WatchEvent>? _next;
    private string? _problem;

    /// <summary>Every state, right after it was written.</summary>
    public event Action<DomainIdentity, StateKey>? StateChanged;

    public async Task StartAsync(CancellationToken cancellation)
    {
        await _watches.AddAsync("@introduceDomain", DomainsToken, cancellation);
        await _watches.AddAsync("@releaseDomain", DomainsToken, cancellation);
        directory.Changed += PokeAll;
        services.HoldingsChanged += ReportHoldingsChanged;
        _drivers = new DriverWatch(_watches);
        _loop = LoopAsync();
        _monitor = new FootprintMonitor(
            services, () => _mailboxes.Values.Select(entry => entry.Mailbox), new RetryQueue(services.Hypervisor, _drivers, services.Time));
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
        foreach (var (_, mailbox) in _mailboxes.Values)
            await mailbox.DisposeAsync();
        await _watches.DisposeAsync();
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
        try
        {
            while (true)
            {
                if (await NextAsync() is not var (path, token) || token == DomainsToken)
                    await SyncAsync();
                else
                    Report(path, int.Parse(token, CultureInfo.InvariantCulture));
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private void Report(string path, int domid)
    {
        if (!_mailboxes.TryGetValue(domid, out var entry))
            return;
        if (path.EndsWith($"/{DomainKeys.FeatureBalloon}", StringComparison.Ordinal))
        {
            if (_drivers!.IsChange(domid))
                entry.Mailbox.ReportDriver();
        }
        else if (ChangeAt(path) is var change and not KeyChange.None)
        {
            entry.Mailbox.Poke(change);
        }
    }

    // No event announces that a hypervisor or a store works again, so after a problem the list is read again every second.
    private async ValueTask<WatchEvent?> NextAsync()
    {
        if (_problem is null && _next is null)
            return await _watches.NextAsync(_stop.Token);
        _next ??= _watches.NextAsync(_stop.Token).AsTask();
        if (_problem is not null && await Task.WhenAny(_next, Task.Delay(RetryEvery, services.Time, _stop.Token)) != _next)
        {
            _stop.Token.ThrowIfCancellationRequested();
            return null;
        }
        var next = await _next;
        _next = null;
        return next;
    }

    private void PokeAll()
    {
        foreach (var (_, mailbox) in _mailboxes.Values)
            mailbox.Poke(KeyChange.Directory);
    }

    // Everything else below memory-policy is written by the host and its actors.
    private static KeyChange ChangeAt(string path) => path.AsSpan(path.LastIndexOf('/') + 1) switch
    {
        _ when path.EndsWith($"/{DomainKeys.BalloonTarget}", StringComparison.Ordinal) => KeyChange.BalloonTarget,
        PolicyKeys.Target => KeyChange.Target,
        PolicyKeys.Actor or PolicyKeys.Timeout or PolicyKeys.Floor or PolicyKeys.Folder => KeyChange.Settings,
        _ => KeyChange.None,
    };

    private async Task SyncAsync()
    {
        var problem = await TryAsync("the domains could not be listed", async () =>
        {
            var known = await _store.ListAsync(PolicyKeys.Domains, _stop.Token);
            var alive = (await services.Hypervisor.ListDomainsAsync(_stop.Token))
                .Where(info => info.State != DomainState.Dying && known.Contains(info.Domid.ToString(CultureInfo.InvariantCulture)))
                .ToDictionary(info => info.Domid);
            return await UpdateMailboxesAsync(alive);
        });
        if (problem is not null && problem != _problem)
            services.Log(null).Warn($"{problem}; retrying every second");
        _problem = problem;
    }

    // A domain that causes an error does not stop the others.
    private async Task<string?> UpdateMailboxesAsync(Dictionary<int, DomainInfo> alive)
    {
        string? problem = null;
        foreach (var (domid, (uuid, _)) in _mailboxes.ToList())
        {
            if (!alive.TryGetValue(domid, out var info) || info.Uuid != uuid)
                problem = await TryAsync($"domain {domid} has ended but could not be removed", () => RemoveAsync(domid)) ?? problem;
        }
        foreach (var info in alive.Values.Where(info => !_mailboxes.ContainsKey(info.Domid)))
            problem = await TryAsync($"domain {info.Domid} could not be added", () => AddAsync(info)) ?? problem;
        return problem;
    }

    /// <returns>The error in words, if there was one.</returns>
    private static async Task<string?> TryAsync(string what, Func<Task<string?>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return $"{what}: {error.Message}";
        }
    }

    private static Task<string?> TryAsync(string what, Func<Task> work) => TryAsync(what, async () =>
    {
        await work();
        return (string?)null;
    });

    private async Task AddAsync(DomainInfo info)
    {
        var name = await _store.TryReadTextAsync($"{PolicyKeys.Domain(info.Domid)}/name", _stop.Token);
        var identity = new DomainIdentity(info.Domid, info.Uuid, name ?? "");
        await ProtectAsync(info.Domid);
        var last = await StateStore.TryReadAsync(_store, info.Domid, _stop.Token);
        var domain = new HostDomain(identity, services, new Engagements(last?.Engaged ?? [], last?.Target));
        var state = new StateWriter(domain, services, last, await WaitingStore.TryReadAsync(_store, info.Domid, _stop.Token));
        state.StateChanged += written => StateChanged?.Invoke(identity, written);
        var balloonTarget = domain.Store.BalloonTarget;
        var secondWriter = new SecondWriter(balloonTarget, _store, services.Time, info.Domid);
        await secondWriter.LoadAsync(last?.Target, _stop.Token);
        var token = info.Domid.ToString(CultureInfo.InvariantCulture);
        await _watches.AddAsync(PolicyKeys.Of(info.Domid), token, _stop.Token);
        await _watches.AddAsync(BalloonTargetOf(info.Domid), token, _stop.Token);
        balloonTarget.Watched = true;
        _mailboxes[info.Domid] = (info.Uuid, new Mailbox(domain, services, directory, state, secondWriter));
    }

    // The guest may read the keys that decide about it, but never write them.
    private async Task ProtectAsync(int domid)
    {
        var folder = PolicyKeys.Of(domid);
        var wanted = domid == 0
            ? new NodePermissions(new NodePermission(0, NodeAccess.None))
            : new NodePermissions(new NodePermission(0, NodeAccess.None), new NodePermission(domid, NodeAccess.Read));
        await _store.MakeDirectoryAsync(folder, _stop.Token);
        if (!wanted.Equals(await _store.GetPermissionsAsync(folder, _stop.Token)))
            await _store.SetPermissionsAsync(folder, wanted, _stop.Token);
        await StateStore.ProtectAsync(_store, domid, _stop.Token);
    }

    private static string BalloonTargetOf(int domid) => $"{PolicyKeys.Domain(domid)}/{DomainKeys.BalloonTarget}";

    private async Task RemoveAsync(int domid)
    {
        _mailboxes.Remove(domid, out var entry);
        await entry.Mailbox.DisposeAsync();
        var token = domid.ToString(CultureInfo.InvariantCulture);
        await _watches.RemoveAsync(PolicyKeys.Of(domid), token, CancellationToken.None);
        await _watches.RemoveAsync(BalloonTargetOf(domid), token, CancellationToken.None);
        // A state written while the domain ended may have created its folder again.
        if (await _store.TryReadAsync($"{PolicyKeys.Domain(domid)}/name", CancellationToken.None) is null
            && await _store.TryReadAsync(PolicyKeys.Of(domid, PolicyKeys.State), CancellationToken.None) is not null)
        {
            await _store.RemoveAsync(PolicyKeys.Domain(domid), CancellationToken.None);
        }
    }
}
