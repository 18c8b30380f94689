using System.Runtime.Loader;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Sdk;

namespace Actors.Loading.Containment;

/// <summary>Keeps the host apart from its plugins: their health, the lanes that they run on, and the word about both.</summary>
internal sealed class PluginContainment : IDisposable
{
    private readonly HostServices _ground;
    private readonly IActorLog _log;
    private readonly Watchdog? _watchdog;

    private PluginContainment(HostServices ground, Watchdog? watchdog) =>
        (_ground, _watchdog, _log) = (ground, watchdog, ground.Log(null));

    /// <summary>In real time, where plugins run on threads.</summary>
    public static PluginContainment OnThreads(HostServices ground, PluginLimits limits) =>
        new(ground, new Watchdog(ground.Time, limits, ground.Log(null).Warn));

    /// <summary>On a simulated clock, where all runs on its loop.</summary>
    public static PluginContainment OnLoop(HostServices ground) => new(ground, null);

    /// <summary>Prepares for a plugin that is about to be loaded; <see cref="ContainedPlugin.Dispose"/> when it is unloaded.</summary>
    public ContainedPlugin Take(string id)
    {
        var health = new PluginHealth(id, _ground.Time);
        health.Changed += (before, after) => Tell(id, before, after);
        if (_watchdog is null)
            return new ContainedPlugin(health, new LoopLane(health), _ground.Time, () => { });
        var lane = new ThreadLane(health, _ground.Time, _watchdog.Wake);
        _watchdog.Add(lane);
        return new ContainedPlugin(health, lane, _ground.Time, () => _watchdog.Remove(lane));
    }

    public void Dispose() => _watchdog?.Dispose();

    private void Tell(string id, Health before, Health after)
    {
        if (after.Total > before.Total)
            Note(id, "fault", after.Serves ? $"fault {after.InARow} of {Health.FaultsAllowed} in a row: {after.LastFault}" : $"fault: {after.LastFault}");
        if (before.Serves && !after.Serves)
            Note(id, "quarantined", $"out of service: {after.Quarantine}; 'actors plugin reload {id}' takes it back");
        else if (!before.Serves && after.Serves)
            Note(id, "lifted", "back in service");
    }

    private void Note(string id, string outcome, string reason)
    {
        _log.Warn($"plugin '{id}': {reason}");
        _ground.Journal.Append(JournalEntry.OfPlugin(id, outcome, reason, _ground.Time.GetUtcNow()));
    }
}

/// <summary>What one generation of a plugin runs in.</summary>
internal sealed class ContainedPlugin(PluginHealth health, ICallLane lane, TimeProvider time, Action leave) : IDisposable
{
    public PluginHealth Health { get; } = health;

    public IActor Contain(IActor actor) => new ContainedActor(actor, Health, lane, time);

    /// <summary>Errors out of this context's code are this plugin's faults.</summary>
    public void Own(AssemblyLoadContext context) => UnobservedErrors.Own(context, Health);

    public void Dispose() => leave();
}
