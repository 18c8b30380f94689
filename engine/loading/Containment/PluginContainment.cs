using System.Runtime.Loader;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Loading.Markers;
using Actors.Sdk;

namespace Actors.Loading.Containment;

/// <summary>Contains plugins: keeps their health, gives them lanes to run on, and reports their faults.</summary>
internal sealed class PluginContainment : IDisposable
{
    private readonly HostServices _services;
    private readonly IActorLog _log;
    private readonly Watchdog? _watchdog;

    private PluginContainment(HostServices services, Watchdog? watchdog) =>
        (_services, _watchdog, _log) = (services, watchdog, services.Log(null));

    /// <summary>The services of the host.</summary>
    public HostServices Services => _services;

    /// <summary>Creates the containment for real time, in which plugins run on threads.</summary>
    public static PluginContainment OnThreads(HostServices services, PluginLimits limits, WorkMarkers? markers = null) =>
        new(services, new Watchdog(services.Time, limits, services.Log(null).Warn)) { Markers = markers ?? WorkMarkers.InMemory() };

    /// <summary>Creates the containment for a simulated clock, where everything runs on the clock's loop.</summary>
    public static PluginContainment OnLoop(HostServices services) => new(services, null);

    /// <summary>Records which plugins' code works on the lanes.</summary>
    public WorkMarkers Markers { get; private init; } = WorkMarkers.InMemory();

    /// <summary>Whether plugins run on threads, in real time.</summary>
    public bool IsOnThreads => _watchdog is not null;

    /// <summary>Prepares for a plugin that is about to be loaded. Call <see cref="ContainedPlugin.Dispose"/> when it is unloaded.</summary>
    /// <param name="id">The id of the plugin.</param>
    /// <param name="onCallersThread">Whether calls run on their caller's thread: the plugin ships with Actors, or runs in another process.</param>
    /// <param name="permissions">What the plugin may do; <see langword="null"/> to allow everything.</param>
    /// <param name="hash">The hash of its files, for the record of what works in this process.</param>
    public ContainedPlugin Prepare(string id, bool onCallersThread, PluginPermissions? permissions = null, string hash = "-")
    {
        var health = new PluginHealth(id, _services.Time);
        health.Changed += (before, after) => Report(id, before, after);
        if (_watchdog is null || onCallersThread)
            return new ContainedPlugin(health, permissions, new DirectLane(health), _services.Time, null, () => { });
        var lane = new ThreadLane(health, _services.Time, _watchdog.Wake);
        _watchdog.Add(lane);
        return new ContainedPlugin(health, permissions, lane, _services.Time, () => Markers.Begin(WorkKind.Running, id, hash), () => _watchdog.Remove(lane));
    }

    public void Dispose() => _watchdog?.Dispose();

    private void Report(string id, Health before, Health after)
    {
        // What is out of service already has nothing new to report, however often it fails.
        if (after.Total > before.Total && before.Serves)
            Write(id, "fault", after.Serves ? $"fault {after.InARow} of {Health.FaultsAllowed} in a row: {after.LastFault}" : $"fault: {after.LastFault}");
        if (after.Kills > before.Kills)
            Write(id, "killed", $"{after.LastKill}; this is no fault of the plugin's, and it is started again");
        if (before.Serves && !after.Serves)
            Write(id, "quarantined", $"out of service: {after.Quarantine}; 'actors plugin reload {id}' puts it back into service");
        else if (!before.Serves && after.Serves)
            Write(id, "lifted", "back in service");
    }

    private void Write(string id, string outcome, string reason)
    {
        _log.Warn($"plugin '{id}': {reason}");
        _services.Journal.Append(JournalEntry.OfPlugin(id, outcome, reason, _services.Time.GetUtcNow()));
    }
}

/// <summary>The containment of one version of a plugin.</summary>
internal sealed class ContainedPlugin(
    PluginHealth health, PluginPermissions? permissions, ICallLane lane, TimeProvider time, Func<IDisposable>? mark, Action leave) : IDisposable
{
    public PluginHealth Health { get; } = health;

    /// <summary>What it may do; <see langword="null"/> if that is not limited.</summary>
    public PluginPermissions? Permissions => permissions;

    public IActor Contain(IActor actor) => new ContainedActor(actor, Health, permissions, lane, time, mark);

    /// <summary>Runs code of the plugin that belongs to no domain, within the deadline for foreign code.</summary>
    /// <exception cref="TimeoutException">It did not return in time, and was abandoned.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> code)
    {
        using var marked = mark?.Invoke();
        return await lane.RunAsync(code, time);
    }

    /// <summary>Counts errors in this context's code as faults of this plugin.</summary>
    public void Register(AssemblyLoadContext context) => UnobservedErrors.Register(context, Health);

    public void Dispose() => leave();
}
