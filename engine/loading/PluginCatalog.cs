using Actors.Dispatch.Registry;
using Actors.Dispatch.Runs;
using Actors.Loading.Compatibility;
using Actors.Loading.Containment;
using Actors.Loading.Files;
using Actors.Loading.LoadContexts;
using Actors.Loading.Reload;
using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Loading;

/// <summary>
/// All plugins in a folder of folders, while it changes. What is new is judged, loaded beside the old, and takes its place; what was
/// there ends in the background. A bad one is told about, and stops no other.
/// </summary>
internal sealed class PluginCatalog : IAsyncDisposable
{
    /// <summary>How long a run may take to end by itself on a version that is replaced.</summary>
    public static readonly TimeSpan DrainDeadline = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _gate = new(1);
    private readonly CancellationTokenSource _hurry = new();
    private readonly Dictionary<string, PluginSlot> _slots = [];
    private readonly Dictionary<string, PluginActor> _actors = [];
    private readonly List<Retirement> _retirements = [];
    private readonly FolderDebounce _settling;
    private readonly ActorDirectory _directory;
    private readonly PluginContainment _containment;
    private readonly TimeProvider _time;
    private readonly IActorLog _log;
    private readonly string _root;

    private PluginCatalog(string root, ActorDirectory directory, PluginContainment containment, TimeProvider time, IActorLog log)
    {
        (_root, _directory, _containment) = (Path.GetFullPath(root), directory, containment);
        (_time, _log, _settling) = (time, log, new FolderDebounce(time));
    }

    /// <summary>How some plugin stands has changed; this is how all stand now.</summary>
    public event Action<IReadOnlyList<PluginStatus>>? Changed;

    public string Root => _root;

    /// <summary>Where actors are engaged; set once dispatch stands.</summary>
    public IEngagedDomains? Domains { get; set; }

    /// <summary>Loads all that is there, at once.</summary>
    public static PluginCatalog Load(string root, ActorDirectory directory, PluginContainment containment, TimeProvider time, IActorLog log)
    {
        PrivateCopy.Sweep();
        var catalog = new PluginCatalog(root, directory, containment, time, log);
        if (!Directory.Exists(catalog._root))
            log.Warn($"{root}: there is no such folder, so no plugin is loaded");
        foreach (var folder in catalog.Folders())
            catalog.Take(catalog.SlotOf(folder), Candidate.Read(folder, catalog._root), again: false);
        catalog.Publish();
        return catalog;
    }

    /// <summary>Looks at the folders, and follows those that have changed and then rested.</summary>
    /// <returns>Whether one is not at rest yet: look again soon.</returns>
    public async Task<bool> LookAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            var rested = Rested();
            foreach (var folder in rested)
                Take(SlotOf(folder), Candidate.Read(folder, _root), again: false);
            if (rested.Count > 0)
                TakeWaiting();
            if (ForgetGone() || rested.Count > 0)
                Publish();
            return _settling.Any;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Loads a plugin, or all, again from the folder as it is now, changed or not.</summary>
    public Task<IReadOnlyList<PluginStatus>> ReloadAsync(string? name, CancellationToken cancellation) => UnderGateAsync<IReadOnlyList<PluginStatus>>(() =>
    {
        foreach (var folder in Folders())
            SlotOf(folder);
        var slots = name is null ? _slots.Values.OrderBy(slot => slot.Name, StringComparer.Ordinal).ToList() : [Find(name)];
        foreach (var slot in slots)
            Take(slot, Candidate.Read(slot.Folder, _root), again: true);
        TakeWaiting();
        return [.. slots.Select(StatusOf)];
    }, cancellation);

    /// <summary>Puts the version before the present one in service again. It stays until the folder changes.</summary>
    public Task<IReadOnlyList<PluginStatus>> RollBackAsync(string name, CancellationToken cancellation) => UnderGateAsync<IReadOnlyList<PluginStatus>>(() =>
    {
        var slot = Find(name);
        if (slot.Before is not { } before)
            throw new PluginException($"'{slot.Id}' has no version before this one since the daemon started; put the older one into {slot.Folder}");
        if (Conflict(slot, before.Manifest!) is { } conflict)
            throw new PluginException(conflict);
        Serve(slot, before);
        _log.Info($"plugin '{slot.Id}' is rolled back to {before.Manifest!.Version}; it stays until {slot.Folder} changes");
        return [StatusOf(slot)];
    }, cancellation);

    public Task<IReadOnlyList<PluginStatus>> StatusAsync(CancellationToken cancellation) =>
        UnderGateAsync(Statuses, cancellation);

    /// <summary>What serves, or what was found, under a name.</summary>
    public async Task<(Candidate Candidate, PluginStatus Status)> InspectAsync(string name, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            var slot = Find(name);
            return (slot.Current?.Source ?? slot.Found!, StatusOf(slot));
        }
        finally
        {
            _gate.Release();
        }
    }

    private IReadOnlyList<PluginStatus> Statuses() =>
        PluginReport.Of([.. _slots.Values.OrderBy(slot => slot.Name, StringComparer.Ordinal)], _retirements);

    public async ValueTask DisposeAsync()
    {
        _hurry.Cancel();
        await _gate.WaitAsync();
        foreach (var slot in _slots.Values)
            Retire(slot.Current, []);
        await Task.WhenAll(_retirements.Select(retirement => retirement.Ended));
        _hurry.Dispose();
        _gate.Dispose();
    }

    private IEnumerable<string> Folders() => Directory.Exists(_root)
        ? Directory.EnumerateDirectories(_root).Where(folder => Path.GetFileName(folder)[0] != '.').Order(StringComparer.Ordinal)
        : [];

    private List<string> Rested()
    {
        var rested = new List<string>();
        foreach (var folder in Folders().Concat(_slots.Keys).Concat(_settling.Folders).Distinct().Order(StringComparer.Ordinal).ToList())
        {
            var listing = PluginListing.Of(folder);
            var slot = _slots.GetValueOrDefault(folder);
            if (listing is null && slot is null)
                _settling.Forget(folder);
            else if (_settling.HasRested(folder, Candidate.FingerprintOf(listing, _root), slot?.Found?.Fingerprint,
                slot?.Current is { } serving && Candidate.IsTakenAway(listing, serving.Manifest) ? FolderDebounce.QuietWhenGone : FolderDebounce.Quiet))
                rested.Add(folder);
        }
        return rested;
    }

    private PluginSlot SlotOf(string folder)
    {
        if (!_slots.TryGetValue(folder, out var slot))
            _slots[folder] = slot = new PluginSlot(folder);
        return slot;
    }

    private PluginSlot Find(string name)
    {
        var known = _slots.Values.ToList();
        return known.FirstOrDefault(slot => slot.Id == name) ?? known.FirstOrDefault(slot => slot.Name == name)
            ?? throw new PluginException(Suggestion.For(name, known.Select(slot => slot.Id)) is { } meant
                ? $"there is no plugin '{name}'; did you mean '{meant}'?"
                : $"there is no plugin '{name}'; there are: {(known.Count == 0 ? "none" : string.Join(", ", known.Select(slot => slot.Id).Order(StringComparer.Ordinal)))}");
    }

    // What was found takes the place of what serves, when it is good and is not the same.
    private void Take(PluginSlot slot, Candidate found, bool again)
    {
        (slot.Found, slot.Verdict, slot.Waits) = (found, found.Verdict, false);
        if (!again && slot.Current is { } current && found.Image?.Hash == current.Source.Image!.Hash && found.Verdict.Fits)
            return;
        if (found.Verdict.Fits && Conflict(slot, found.Manifest!) is { } conflict)
            (slot.Verdict, slot.Waits) = (new Verdict(Fit.Fits, [conflict]), true);
        else if (found.Verdict.Fits)
            TryServe(slot, found);
        if (slot.Verdict.Problems.Count == 0)
            return;
        if (IsTakenAway(slot, found))
        {
            Remove(slot);
            return;
        }
        foreach (var problem in slot.Verdict.Problems)
        {
            _log.Warn($"{slot.Folder}: {(found.Verdict.Fits ? "" : $"{slot.Verdict.Word}: ")}{problem}"
                + (slot.Current is { } serving ? $"; version {serving.Manifest.Version} goes on serving" : ""));
        }
    }

    private static bool IsTakenAway(PluginSlot slot, Candidate found)
    {
        var listing = PluginListing.Of(slot.Folder);
        return listing is null || (slot.Current is { } serving && Candidate.IsTakenAway(listing, serving.Manifest)
            && Candidate.IsTakenAway(listing, found.Manifest ?? serving.Manifest));
    }

    private void TryServe(PluginSlot slot, Candidate found)
    {
        try
        {
            Serve(slot, found);
        }
        catch (PluginException error)
        {
            slot.Verdict = new Verdict(Fit.Fits, [error.Message]);
        }
    }

    private void Serve(PluginSlot slot, Candidate candidate)
    {
        var next = Generation.Load(slot.Loaded + 1, candidate, _containment);
        slot.Loaded++;
        next.HealthChanged += Told;
        var before = slot.Current;
        if (before is not null && before.Source.Image!.Hash != candidate.Image!.Hash)
            slot.Before = before.Source;
        slot.Current = next;
        foreach (var actor in next.Manifest.Actors)
            ActorOf(actor).Current = next;
        Retire(before, before?.Manifest.Actors.Except(next.Manifest.Actors) ?? []);
        if (before is not null)
            _log.Info($"plugin '{next.Manifest.Id}' {next.Manifest.Version} has taken the place of {before.Manifest.Version}");
        else if (Domains is not null)
            _log.Info($"plugin '{next.Manifest.Id}' {next.Manifest.Version} is loaded: {string.Join(", ", next.Manifest.Actors)}");
        Declare();
    }

    private void Remove(PluginSlot slot)
    {
        if (!Directory.Exists(slot.Folder))
            _slots.Remove(slot.Folder);
        if (slot.Current is not { } gone)
            return;
        slot.Current = null;
        _log.Info($"plugin '{gone.Manifest.Id}' {gone.Manifest.Version} was taken away");
        Retire(gone, gone.Manifest.Actors);
        Declare();
    }

    // Those whose actor another plugin carried.
    private void TakeWaiting()
    {
        foreach (var slot in _slots.Values.Where(slot => slot.Waits).OrderBy(slot => slot.Name, StringComparer.Ordinal).ToList())
        {
            if (Conflict(slot, slot.Found!.Manifest!) is null)
                Take(slot, slot.Found!, again: false);
        }
    }

    private string? Conflict(PluginSlot slot, Manifest manifest)
    {
        var others = _slots.Values.Where(other => other != slot && other.Current is not null).ToList();
        if (others.FirstOrDefault(other => other.Current!.Manifest.Id == manifest.Id) is { } same)
            return $"the plugin '{manifest.Id}' is loaded from '{same.Folder}' already; remove one of the two folders";
        return manifest.Actors.Select(actor => (actor, other: others.FirstOrDefault(other => other.Serves(actor)))).FirstOrDefault(pair => pair.other is not null)
            is (var twice, { } carrier)
            ? $"the actor '{twice}' is carried by the plugin '{carrier.Id}' already; remove one of the two"
            : null;
    }

    private PluginActor ActorOf(string name)
    {
        if (!_actors.TryGetValue(name, out var actor))
            _actors[name] = actor = new PluginActor(name, _time);
        return actor;
    }

    private void Declare() => _directory.SetActors(_slots.Values.Where(slot => slot.Current is not null)
        .SelectMany(slot => slot.Current!.Manifest.Actors.Select(name => new PluginEntry(name, ActorOf(name)) { Needs = slot.Current.Manifest.Needs })));

    private void Retire(Generation? generation, IEnumerable<string> vanished)
    {
        if (generation is null)
            return;
        generation.Close();
        foreach (var actor in generation.Manifest.Actors.Where(actor => ActorOf(actor).Current == generation))
            ActorOf(actor).Current = null;
        var retirement = new Retirement(generation, [.. vanished.Select(actor => (actor, Domains?.EngagedBy(actor) ?? []))]);
        _retirements.Add(retirement);
        retirement.Ended = EndAsync(retirement);
    }

    private async Task EndAsync(Retirement retirement)
    {
        try
        {
            await retirement.RunAsync(DrainDeadline, Domains, _time, _log, _hurry.Token);
        }
        catch (Exception error)
        {
            _log.Warn($"plugin {retirement.Name} could not be unloaded: {error.Message}");
        }
        await ForgetAsync();
    }

    private async Task ForgetAsync()
    {
        try
        {
            await UnderGateAsync(ForgetGone, _hurry.Token);
        }
        catch (OperationCanceledException)
        {
            // The host ends.
        }
    }

    private bool ForgetGone()
    {
        foreach (var late in _retirements.Where(retirement => retirement.IsGoneAfterAll()))
            _log.Info($"plugin {late.Name} is gone from memory after all");
        return _retirements.RemoveAll(retirement => retirement.Stage == RetirementStage.Gone) > 0;
    }

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

    // How a plugin behaves changes while it works, on any thread.
    private void Told() => _ = ForgetAsync();

    private PluginStatus StatusOf(PluginSlot slot) => PluginReport.Of(slot, _retirements);

    private void Publish() => Changed?.Invoke(Statuses());
}
