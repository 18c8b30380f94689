using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Dispatch.Runs;
using Actors.Isolation.Messages;
using Actors.Loading.Compatibility;
using Actors.Loading.Containment;
using Actors.Loading.Files;
using Actors.Loading.LoadContexts;
using Actors.Loading.Processes;
using Actors.Loading.Reload;
using Actors.Loading.Signing;
using Actors.Sdk;

namespace Actors.Loading;

/// <summary>
/// All plugins in a folder of folders, while it changes. A new version is checked, loaded beside the old one, and replaces it. A broken one
/// is reported, and stops no other. One operation runs at a time.
/// </summary>
internal sealed class PluginCatalog : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly PluginSlots _slots = new();
    private readonly PluginUnloads _unloads;
    private readonly ServingPlugins _serving;
    private readonly PluginFolders _folders;
    private readonly DomainNotices _notices;
    private readonly LastGoodPlugins? _lastGood;
    private readonly TrustPolicy _trust;
    private readonly IActorLog _log;
    private bool _started;

    private PluginCatalog(string root, ActorDirectory directory, PluginLoader loader, HostServices services, TimeProvider time, IActorLog log, string? lastGood, TrustPolicy trust)
    {
        (_trust, _lastGood) = (trust, lastGood is null ? null : new LastGoodPlugins(lastGood, root, trust, log.Warn));
        (Root, _log, _unloads) = (Path.GetFullPath(root), log, new PluginUnloads(time, log));
        (_folders, _notices) = (new PluginFolders(Root, _slots, time), new DomainNotices(services));
        _serving = new ServingPlugins(_slots, _unloads, directory, loader, _notices, time, log)
        {
            Changed = () => HandleAsync(() => _unloads.ForgetGone()),
            Started = version => _ = HandleAsync(() => Keep(version)),
            Failed = (version, error) => _ = HandleAsync(() => Stop(version, error)),
            Restarted = () => _ = HandleAsync(_serving!.Declare),
        };
    }

    /// <summary>Raised with the status of all plugins when that of any has changed.</summary>
    public event Action<IReadOnlyList<PluginStatus>>? Changed;

    /// <summary>The folder of the plugins' folders.</summary>
    public string Root { get; }

    /// <summary>Finds the domains on which actors are engaged; set once dispatch has started.</summary>
    public IEngagedDomains? Domains
    {
        get => _serving.Domains;
        set => _serving.Domains = value;
    }

    /// <summary>Loads all plugins in the folder.</summary>
    /// <param name="root">The folder of the plugins' folders.</param>
    /// <param name="directory">Receives the actors.</param>
    /// <param name="containment">Contains the code of plugins.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where problems are logged.</param>
    /// <param name="lastGood">The folder of the last good version of each plugin; <see langword="null"/> to keep none.</param>
    /// <param name="processes">How processes of plugins are started; <see langword="null"/> to load every plugin into this one.</param>
    /// <param name="trust">Whose plugins the operator trusts.</param>
    /// <param name="settings">The operator's settings of plugins, by id.</param>
    public static PluginCatalog Load(
        string root, ActorDirectory directory, PluginContainment containment, TimeProvider time, IActorLog log, string? lastGood = null,
        PluginProcessOptions? processes = null, TrustPolicy? trust = null, IReadOnlyDictionary<string, SettingsBody>? settings = null)
    {
        PrivateCopy.Sweep();
        var loader = new PluginLoader(containment, processes, log, time) { Settings = settings ?? new Dictionary<string, SettingsBody>() };
        var catalog = new PluginCatalog(root, directory, loader, containment.Services, time, log, lastGood, trust ?? TrustPolicy.None);
        if (Directory.Exists(catalog.Root))
            catalog._lastGood?.RemoveAllExcept(catalog._folders.All);
        else
            log.Warn($"{root}: there is no such folder, so no plugin is loaded");
        foreach (var folder in catalog._folders.All)
            catalog.Check(catalog._slots.Of(folder), again: false);
        catalog._started = true;
        catalog.WarnOfUnknownSettings();
        catalog.Publish();
        return catalog;
    }

    /// <summary>Checks the folders, and loads those that have changed and settled.</summary>
    /// <returns>Whether a folder has not settled yet, so that the caller should scan again soon.</returns>
    public async Task<bool> ScanAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            var settled = _folders.TakeSettled();
            foreach (var folder in settled)
                Check(_slots.Of(folder), again: false);
            if (settled.Count > 0)
                ServeWaiting();
            if (_unloads.ForgetGone() || settled.Count > 0)
                Publish();
            return _folders.AnyUnsettled;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Loads one plugin, or all, again from the folder as it is now, changed or not.</summary>
    public Task<IReadOnlyList<PluginStatus>> ReloadAsync(string? name, CancellationToken cancellation) => UnderGateAsync<IReadOnlyList<PluginStatus>>(() =>
    {
        foreach (var folder in _folders.All)
            _slots.Of(folder);
        var slots = name is null ? _slots.ByName : [_slots.Find(name)];
        _serving.Retry(name is null ? null : slots[0].Id);
        foreach (var slot in slots)
            Check(slot, again: true);
        ServeWaiting();
        return [.. slots.Select(StatusOf)];
    }, cancellation);

    /// <summary>Gives plugins new settings. Problems are logged, and the plugin keeps what it has.</summary>
    public async Task ConfigureAsync(IReadOnlyDictionary<string, SettingsBody> settings, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            foreach (var slot in await _serving.ConfigureAsync(settings))
                Check(slot, again: true);
            ServeWaiting();
            Publish();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Logs which settings belong to no plugin.</summary>
    public Task CheckSettingsAsync(CancellationToken cancellation) => UnderGateAsync(WarnOfUnknownSettings, cancellation);

    /// <summary>Puts the previous version into service again. It stays until the folder changes.</summary>
    public Task<IReadOnlyList<PluginStatus>> RollBackAsync(string name, CancellationToken cancellation) => UnderGateAsync<IReadOnlyList<PluginStatus>>(() =>
    {
        var slot = _slots.Find(name);
        if (slot.Before is not { } before)
            throw new PluginException($"'{slot.Id}' has had no other version since the daemon started; copy the older one into {slot.Folder}");
        if (_slots.FindConflict(slot, before.Manifest!) is { } conflict)
            throw new PluginException(conflict);
        _serving.Serve(slot, before, waits: true);
        _lastGood?.Store(slot.Folder, before.Image!);
        _log.Info($"plugin '{slot.Id}' is rolled back to {before.Manifest!.Version}; it stays until {slot.Folder} changes");
        return [StatusOf(slot)];
    }, cancellation);

    public Task<IReadOnlyList<PluginStatus>> StatusAsync(CancellationToken cancellation) => UnderGateAsync(Statuses, cancellation);

    /// <summary>The version that serves under a name, or what was found there.</summary>
    public Task<(Candidate Candidate, PluginStatus Status)> InspectAsync(string name, CancellationToken cancellation) => UnderGateAsync(() =>
    {
        var slot = _slots.Find(name);
        return (slot.Current?.Source ?? slot.Found!, StatusOf(slot));
    }, cancellation);

    public async ValueTask DisposeAsync()
    {
        _unloads.Hurry();
        await _gate.WaitAsync();
        _serving.UnloadAll();
        await _notices.DisposeAsync();
        await _unloads.DisposeAsync();
        _gate.Dispose();
    }

    // What is found replaces the version that serves when it fits and differs.
    private void Check(PluginSlot slot, bool again)
    {
        var (found, problemBefore) = (Candidate.Read(slot.Folder, Root, _trust), slot.FolderProblem);
        (slot.Found, slot.Verdict, slot.Waits) = (found, found.Verdict, false);
        _serving.ForgetOthers(found);
        if (again || !found.Verdict.Fits || found.Image!.Hash != slot.Current?.Source.Image!.Hash)
            TryServe(slot, found);
        if (slot.Verdict.Problems.Count > 0)
        {
            if (!Restore(slot) && slot.IsRemoved(found))
            {
                Remove(slot);
                return;
            }
            Warn(slot);
        }
        if (slot.Current is not null && slot.FolderProblem != problemBefore)
            _serving.Declare();
    }

    private void WarnOfUnknownSettings() => _serving.UnknownSettings.ToList().ForEach(_log.Warn);

    private void Warn(PluginSlot slot) => slot.Warnings.ToList().ForEach(_log.Warn);

    private void TryServe(PluginSlot slot, Candidate found)
    {
        if (!found.Verdict.Fits)
            return;
        if (_slots.FindConflict(slot, found.Manifest!) is { } conflict)
        {
            slot.Reject(conflict, waits: true);
            return;
        }
        try
        {
            _serving.Serve(slot, found, _started);
            Keep(slot.Current!);
        }
        catch (PluginException error)
        {
            slot.Reject(error.Message);
        }
    }

    // The version that served before the daemon was restarted.
    private bool Restore(PluginSlot slot)
    {
        if (slot.Current is not null || slot.Waits || !Directory.Exists(slot.Folder)
            || _lastGood?.Find(slot.Folder) is not { } copy || (slot.Found is { Verdict.Fits: true, Image.Hash: var tried } && tried == copy.Image!.Hash) || _slots.FindConflict(slot, copy.Manifest!) is not null)
        {
            return false;
        }
        try
        {
            _serving.Serve(slot, copy, _started);
            return true;
        }
        catch (PluginException error)
        {
            _log.Warn($"the last good version of plugin '{slot.Name}' is not used: it {error.Message}");
            return false;
        }
    }

    private void Remove(PluginSlot slot)
    {
        _serving.Remove(slot);
        _lastGood?.Remove(slot.Folder);
        if (!Directory.Exists(slot.Folder))
            _slots.Forget(slot.Folder);
    }

    // Plugins whose actor was provided by another one that has been removed.
    private void ServeWaiting()
    {
        foreach (var slot in _slots.ByName.Where(slot => slot.Waits && _slots.FindConflict(slot, slot.Found!.Manifest!) is null))
            Check(slot, again: false);
    }

    // Only what can serve is a good version: a process must have started and loaded it.
    private void Keep(Generation version)
    {
        if (version.Ready.IsCompletedSuccessfully && _slots.Serving(version) is { } slot)
            _lastGood?.Store(slot.Folder, version.Source.Image!);
    }

    // Its process could not be started: as if it had not been loaded.
    private void Stop(Generation version, PluginException error)
    {
        if (_slots.Serving(version) is not { } slot)
            return;
        _serving.Remove(slot);
        slot.Reject(error.Message);
        Restore(slot);
        Warn(slot);
    }

    // For what happens without a request; once the host stops, it does not matter.
    private async Task HandleAsync(Action work)
    {
        try
        {
            await UnderGateAsync(work, _unloads.Stopping);
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            // The host stops.
        }
    }

    private async Task UnderGateAsync(Action work, CancellationToken cancellation) => await UnderGateAsync(() =>
    {
        work();
        return true;
    }, cancellation);

    private async Task<T> UnderGateAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            return work();
        }
        finally
        {
            Publish();
            _gate.Release();
        }
    }

    private IReadOnlyList<PluginStatus> Statuses() => PluginReport.Of(_slots.ByName, _unloads.All);

    private PluginStatus StatusOf(PluginSlot slot) => PluginReport.Of(slot, _unloads.All);

    private void Publish() => Changed?.Invoke(Statuses());
}
