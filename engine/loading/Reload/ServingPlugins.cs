using Actors.Dispatch.Registry;
using Actors.Dispatch.Runs;
using Actors.Isolation.Messages;
using Actors.Loading.Compatibility;
using Actors.Loading.Containment;
using Actors.Loading.Files;
using Actors.Loading.Settings;
using Actors.Sdk;

namespace Actors.Loading.Reload;

/// <summary>The versions that serve. A new one is loaded beside the old one and replaces it; the old one is unloaded in the background.</summary>
internal sealed class ServingPlugins(PluginSlots slots, PluginUnloads unloads, ActorDirectory directory, PluginLoader loader, DomainNotices notices, TimeProvider time, IActorLog log)
{
    // A process has 10 s to load the plugin, and is started again if something kills it meanwhile.
    private static readonly TimeSpan ReplacedAfterAtMost = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, PluginActor> _actors = [];

    /// <summary>Finds the domains on which actors are engaged; set once dispatch has started.</summary>
    public IEngagedDomains? Domains { get; set; }

    /// <summary>Called on any thread when the health of a plugin has changed, or a version has been unloaded.</summary>
    public Func<Task> Changed { get; set; } = () => Task.CompletedTask;

    /// <summary>Called on any thread with a version that was put into service before it could serve, and can now.</summary>
    public Action<Generation> Started { get; set; } = _ => { };

    /// <summary>Called on any thread with a version whose process could not be started at all.</summary>
    public Action<Generation, PluginException> Failed { get; set; } = (_, _) => { };

    /// <summary>Called on any thread when a version can serve again after its process ended.</summary>
    public Action Restarted { get; set; } = () => { };

    /// <summary>Loads a version and puts it into service.</summary>
    /// <param name="slot">The plugin's folder.</param>
    /// <param name="candidate">The version.</param>
    /// <param name="waits">Whether to wait until it can serve. Otherwise calls wait for it. If another version serves, it always waits.</param>
    /// <exception cref="PluginException">The version cannot be loaded. The previous one keeps serving.</exception>
    public void Serve(PluginSlot slot, Candidate candidate, bool waits)
    {
        var next = Generation.Load(slot.Loaded + 1, candidate, loader);
        if (slot.Current is not null || waits)
            Await(next);
        slot.Loaded++;
        next.HealthChanged += () => _ = Changed();
        next.Restarted += Restarted;
        next.Restarted += () => Observe(next);
        _ = WatchStartAsync(next);
        var before = slot.Current;
        if (before is not null && before.Source.Image!.Hash != candidate.Image!.Hash)
            slot.Before = before.Source;
        (slot.Current, slot.SettingsProblems) = (next, []);
        foreach (var actor in next.Manifest.Actors)
            ActorOf(actor).Current = next;
        Unload(before, before?.Manifest.Actors.Except(next.Manifest.Actors) ?? []);
        if (before is not null)
            log.Info($"plugin '{next.Manifest.Id}' {next.Manifest.Version} has replaced {before.Manifest.Version}");
        else if (Domains is not null)
            log.Info($"plugin '{next.Manifest.Id}' {next.Manifest.Version} is loaded: {string.Join(", ", next.Manifest.Actors)}");
        Declare();
    }

    /// <summary>Loads a plugin again that is left out; <see langword="null"/> for none.</summary>
    public void Retry(string? plugin)
    {
        if (plugin is not null)
            loader.Markers.Forget(plugin);
    }

    /// <summary>What killed the daemon is no longer left out once another version is in the plugin's folder.</summary>
    public void ForgetOthers(Candidate found)
    {
        if (found is { Manifest: { } manifest, Image: { } image })
            loader.Markers.ForgetOthers(manifest.Id, image.Hash);
    }

    /// <summary>Takes a plugin that was removed out of service.</summary>
    public void Remove(PluginSlot slot)
    {
        if (slot.Current is not { } removed)
            return;
        slot.Current = null;
        log.Info($"plugin '{removed.Manifest.Id}' {removed.Manifest.Version} was removed");
        Unload(removed, removed.Manifest.Actors);
        Declare();
    }

    /// <summary>Unloads all, and leaves what they hold on domains as it is.</summary>
    public void UnloadAll()
    {
        foreach (var slot in slots.ByName)
            Unload(slot.Current, []);
    }

    /// <summary>Gives the versions that serve new settings, where these have changed.</summary>
    /// <param name="settings">The operator's settings by the id of the plugin.</param>
    /// <returns>The plugins with changed settings of which what was found does not serve: it may do so with the new ones.</returns>
    public async Task<IReadOnlyList<PluginSlot>> ConfigureAsync(IReadOnlyDictionary<string, SettingsBody> settings)
    {
        var known = slots.ByName.Where(slot => (slot.Current?.Manifest ?? slot.Found?.Manifest) is not null).ToDictionary(slot => slot, SettingsOf);
        loader.Settings = settings;
        var changed = known.Where(slot => !SettingsSource.AreEqual(slot.Value, SettingsOf(slot.Key))).Select(slot => slot.Key).ToList();
        foreach (var slot in changed.Where(slot => slot.Current is not null && slot.Verdict.Problems.Count == 0))
        {
            slot.SettingsProblems = await slot.Current!.ConfigureAsync(SettingsOf(slot));
            if (slot.SettingsProblems.Count == 0)
                log.Info($"plugin '{slot.Id}' has new settings");
            foreach (var problem in slot.SettingsProblems)
                log.Warn($"plugin '{slot.Id}' keeps its settings: {problem}");
        }
        return [.. changed.Where(slot => slot.Verdict.Problems.Count > 0)];
    }

    /// <summary>A warning for each plugin with settings that does not exist.</summary>
    public IReadOnlyList<string> UnknownSettings => UnknownPlugins.Warnings(loader.Settings, slots.ByName.Select(slot => slot.Id));

    /// <summary>Publishes the actors of all plugins that serve.</summary>
    public void Declare() => directory.SetActors(slots.ByName.Where(slot => slot.Current is not null)
        .SelectMany(slot => slot.Current!.Manifest.Actors.Select(name => EntryOf(name, slot, slot.Current))));

    // The entry must not hold the version, which could not be unloaded then.
    private PluginEntry EntryOf(string actor, PluginSlot slot, Generation version)
    {
        var permissions = version.Permissions;
        return new PluginEntry(actor, ActorOf(actor))
        {
            Needs = version.Manifest.Needs,
            Refusal = mechanism => permissions?.RefusalOfMechanism(mechanism),
            FolderProblem = slot.FolderProblem,
        };
    }

    // The previous version serves meanwhile, and the start has a deadline.
    private void Await(Generation next)
    {
        try
        {
            next.Ready.WaitAsync(ReplacedAfterAtMost, time).GetAwaiter().GetResult();
        }
        catch (TimeoutException)
        {
            unloads.Begin(next, [], Domains, () => Changed());
            throw new PluginException($"cannot be loaded: its process did not serve within {ReplacedAfterAtMost.TotalSeconds:0} s, because something keeps killing it");
        }
        catch (PluginException)
        {
            unloads.Begin(next, [], Domains, () => Changed());
            throw;
        }
    }

    private async Task WatchStartAsync(Generation next)
    {
        var waits = !next.Ready.IsCompleted;
        try
        {
            await next.Ready;
            // Otherwise it is observed since it was started again.
            if (next.Process is not { Starts: > 1 })
                Observe(next);
            if (waits)
                Started(next);
        }
        catch (PluginException error)
        {
            Failed(next, error);
        }
    }

    private void Observe(Generation version)
    {
        if (version.OwnMechanisms.Count > 0)
            notices.Equip(version);
        else
            version.ForgetDomains();
        if (!version.ObservesDomains)
            return;
        if (version.Permissions?.Refusal(PluginPermissions.Domains) is { } refusal)
            log.Warn($"{refusal}; it is not notified of them");
        else
            notices.Follow(version);
    }

    private void Unload(Generation? generation, IEnumerable<string> removed)
    {
        if (generation is null)
            return;
        generation.Close();
        notices.Leave(generation);
        foreach (var actor in generation.Manifest.Actors.Where(actor => ActorOf(actor).Current == generation))
            ActorOf(actor).Current = null;
        unloads.Begin(generation, [.. removed.Select(actor => (actor, Domains?.EngagedBy(actor) ?? []))], Domains, () => Changed());
    }

    private SettingsBody? SettingsOf(PluginSlot slot) => loader.SettingsOf((slot.Current?.Manifest ?? slot.Found?.Manifest)!);

    private PluginActor ActorOf(string name)
    {
        if (!_actors.TryGetValue(name, out var actor))
            _actors[name] = actor = new PluginActor(name, time);
        return actor;
    }
}
