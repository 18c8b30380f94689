using System.Collections.Concurrent;
using System.Globalization;
using Actors.Dispatch.Decisions;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Dispatch.Runs;
using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Dispatch;

/// <summary>Knows which domains there are, watches the policy keys of each, and pokes the mailbox of the one that changed.</summary>
internal sealed class DomainWatcher(HostServices ground, ActorDirectory directory) : IEngagedDomains, IAsyncDisposable
{
    private const string DomainsToken = "domains";
    private static readonly TimeSpan ListAgain = TimeSpan.FromSeconds(1);

    private readonly IXenStore _store = ground.Store;
    private readonly IWatchQueue _watches = ground.Store.OpenWatchQueue();
    private readonly ConcurrentDictionary<int, (Guid Uuid, Mailbox Mailbox)> _mailboxes = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;
    private Task<WatchEvent>? _next;
    private string? _trouble;

    /// <summary>Every state that is told, as it is told.</summary>
    public event Action<DomainIdentity, StateKey>? StateChanged;

    public async Task StartAsync(CancellationToken cancellation)
    {
        await _watches.AddAsync("@introduceDomain", DomainsToken, cancellation);
        await _watches.AddAsync("@releaseDomain", DomainsToken, cancellation);
        directory.Changed += Reconsider;
        ground.HoldingsChanged += ReportHoldingsChanged;
        _loop = LoopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        directory.Changed -= Reconsider;
        ground.HoldingsChanged -= ReportHoldingsChanged;
        _stop.Cancel();
        await _loop;
        foreach (var (_, mailbox) in _mailboxes.Values)
            await mailbox.DisposeAsync();
        await _watches.DisposeAsync();
        _stop.Dispose();
    }

    public IReadOnlyList<HostDomain> EngagedBy(string actor) =>
        [.. _mailboxes.Values.Select(entry => entry.Mailbox.Domain).Where(domain => domain.Engaged.Has(actor)).OrderBy(domain => domain.Identity.Domid)];

    public void LookAgain(HostDomain domain)
    {
        if (_mailboxes.TryGetValue(domain.Identity.Domid, out var entry) && entry.Mailbox.Domain == domain)
            entry.Mailbox.Poke(KeyChange.Target);
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
                else if (ChangeAt(path) is var change and not KeyChange.None
                    && _mailboxes.TryGetValue(int.Parse(token, CultureInfo.InvariantCulture), out var entry))
                    entry.Mailbox.Poke(change);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    // Nothing tells when a hypervisor or a store that refused will answer again, so after trouble it is asked by and by.
    private async ValueTask<WatchEvent?> NextAsync()
    {
        if (_trouble is null && _next is null)
            return await _watches.NextAsync(_stop.Token);
        _next ??= _watches.NextAsync(_stop.Token).AsTask();
        if (_trouble is not null && await Task.WhenAny(_next, Task.Delay(ListAgain, ground.Time, _stop.Token)) != _next)
        {
            _stop.Token.ThrowIfCancellationRequested();
            return null;
        }
        var next = await _next;
        _next = null;
        return next;
    }

    private void Reconsider()
    {
        foreach (var (_, mailbox) in _mailboxes.Values)
            mailbox.Poke(KeyChange.Meaning);
    }

    // What the host and its actors write below memory-policy themselves is no wish.
    private static KeyChange ChangeAt(string path) => path.AsSpan(path.LastIndexOf('/') + 1) switch
    {
        PolicyKeys.Target => KeyChange.Target,
        PolicyKeys.Actor or PolicyKeys.Timeout or PolicyKeys.Floor or PolicyKeys.Folder => KeyChange.Settings,
        _ => KeyChange.None,
    };

    private async Task SyncAsync()
    {
        var trouble = await TryAsync("the domains could not be listed", async () =>
        {
            var known = await _store.ListAsync(PolicyKeys.Domains, _stop.Token);
            var alive = (await ground.Hypervisor.ListDomainsAsync(_stop.Token))
                .Where(info => info.State != DomainState.Dying && known.Contains(info.Domid.ToString(CultureInfo.InvariantCulture)))
                .ToDictionary(info => info.Domid);
            return await FollowAsync(alive);
        });
        if (trouble is not null && trouble != _trouble)
            ground.Log(null).Warn($"{trouble}; it is tried again each second");
        _trouble = trouble;
    }

    // One domain that makes trouble is not in the way of the others.
    private async Task<string?> FollowAsync(Dictionary<int, DomainInfo> alive)
    {
        string? trouble = null;
        foreach (var (domid, (uuid, _)) in _mailboxes.ToList())
        {
            if (!alive.TryGetValue(domid, out var info) || info.Uuid != uuid)
                trouble = await TryAsync($"domain {domid} could not be taken leave of", () => DropAsync(domid)) ?? trouble;
        }
        foreach (var info in alive.Values.Where(info => !_mailboxes.ContainsKey(info.Domid)))
            trouble = await TryAsync($"domain {info.Domid} could not be taken on", () => AdoptAsync(info)) ?? trouble;
        return trouble;
    }

    /// <returns>What went wrong, for a person.</returns>
    private static async Task<string?> TryAsync(string what, Func<Task<string?>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (error is XenStoreException or XenStoreConnectionException or HypervisorException)
        {
            return $"{what}: {error.Message}";
        }
    }

    private static Task<string?> TryAsync(string what, Func<Task> work) => TryAsync(what, async () =>
    {
        await work();
        return (string?)null;
    });

    private async Task AdoptAsync(DomainInfo info)
    {
        var name = await _store.TryReadTextAsync($"{PolicyKeys.Domain(info.Domid)}/name", _stop.Token);
        var identity = new DomainIdentity(info.Domid, info.Uuid, name ?? "");
        await ProtectAsync(info.Domid);
        var last = StateKey.Parse(await _store.TryReadTextAsync(PolicyKeys.Of(info.Domid, PolicyKeys.State), _stop.Token));
        var domain = new HostDomain(identity, ground, new Engagements(last?.Engaged ?? []));
        var answers = new StateWriter(domain, ground, last);
        answers.StateChanged += state => StateChanged?.Invoke(identity, state);
        await _watches.AddAsync(PolicyKeys.Of(info.Domid), info.Domid.ToString(CultureInfo.InvariantCulture), _stop.Token);
        _mailboxes[info.Domid] = (info.Uuid, new Mailbox(domain, ground, directory, answers));
    }

    // The guest may read the keys that decide about it, and never write them.
    private async Task ProtectAsync(int domid)
    {
        var folder = PolicyKeys.Of(domid);
        var wanted = domid == 0
            ? new NodePermissions(new NodePermission(0, NodeAccess.None))
            : new NodePermissions(new NodePermission(0, NodeAccess.None), new NodePermission(domid, NodeAccess.Read));
        await _store.MakeDirectoryAsync(folder, _stop.Token);
        if (!wanted.Equals(await _store.GetPermissionsAsync(folder, _stop.Token)))
            await _store.SetPermissionsAsync(folder, wanted, _stop.Token);
    }

    private async Task DropAsync(int domid)
    {
        _mailboxes.Remove(domid, out var entry);
        await entry.Mailbox.DisposeAsync();
        await _watches.RemoveAsync(PolicyKeys.Of(domid), domid.ToString(CultureInfo.InvariantCulture), CancellationToken.None);
        // An answer that crossed with the domain's end may have made its folder again.
        if (await _store.TryReadAsync($"{PolicyKeys.Domain(domid)}/name", CancellationToken.None) is null
            && await _store.TryReadAsync(PolicyKeys.Of(domid, PolicyKeys.State), CancellationToken.None) is not null)
        {
            await _store.RemoveAsync(PolicyKeys.Domain(domid), CancellationToken.None);
        }
    }
}
