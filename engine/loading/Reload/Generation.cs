using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Actors.Dispatch.Calls;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Isolation.Messages;
using Actors.Loading.Compatibility;
using Actors.Loading.Containment;
using Actors.Loading.Files;
using Actors.Loading.LoadContexts;
using Actors.Loading.Metrics;
using Actors.Sdk;

namespace Actors.Loading.Reload;

/// <summary>
/// One loaded version of a plugin. Calls enter and leave it. Once it is closed no call enters any more; after the deadline the calls that
/// are left are cancelled.
/// </summary>
internal sealed class Generation : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _empty = new();
    private readonly CancellationTokenSource _expired = new();
    private readonly ILoadedPlugin _loaded;
    private readonly ContainedPlugin _contained;
    private readonly ConcurrentDictionary<(int Domid, Guid Uuid), DomainIdentity> _served = new();
    private IReadOnlyDictionary<string, IActor> _actors;
    private int _calls;
    private bool _closed;
    private bool _remembersDomains = true;

    private Generation(int number, Candidate source, ContainedPlugin contained, ILoadedPlugin loaded)
    {
        (Number, Source, _contained, _loaded, Expired) = (number, source, contained, loaded, _expired.Token);
        _actors = loaded.Actors.ToDictionary(actor => actor.Key, actor => contained.Contain(actor.Value));
        contained.Health.Changed += (_, _) => HealthChanged?.Invoke();
    }

    /// <summary>The number of the version, counted from 1 for each plugin.</summary>
    public int Number { get; }

    /// <summary>The candidate from which it was loaded.</summary>
    public Candidate Source { get; }

    public Manifest Manifest => Source.Manifest!;

    /// <summary>The name and version, for messages: <c>balloon 0.1.0</c>.</summary>
    public string Name => $"{Manifest.Id} {Manifest.Version}";

    /// <summary>The number of calls that are running.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Cancelled when its calls must end.</summary>
    public CancellationToken Expired { get; }

    /// <summary>Raised when its code has misbehaved, or is back in service.</summary>
    public event Action? HealthChanged;

    /// <summary>Why it is out of service, and how to put it back; <see langword="null"/> while it serves.</summary>
    public string? OutOfService => _contained.Health.OutOfService;

    /// <summary>Completes when it can serve; fails with a <see cref="PluginException"/> if it cannot.</summary>
    public Task Ready => _loaded.Ready;

    /// <summary>Its processes; <see langword="null"/> if it runs in this one.</summary>
    public PluginProcessStatus? Process => _loaded.Process;

    /// <summary>Its own metrics.</summary>
    public IReadOnlyList<PluginMetric> Metrics => _loaded.Metrics;

    /// <summary>Raised when it can serve again after its process ended.</summary>
    public event Action? Restarted
    {
        add => _loaded.Restarted += value;
        remove => _loaded.Restarted -= value;
    }

    /// <summary>What it may do; <see langword="null"/> if that is not limited.</summary>
    public PluginPermissions? Permissions => _contained.Permissions;

    /// <summary>The health of its code.</summary>
    public Health Health => _contained.Health.Now;

    /// <exception cref="PluginException">The plugin cannot be loaded; the message says why.</exception>
    public static Generation Load(int number, Candidate source, PluginLoader loader)
    {
        var contained = loader.Prepare(source);
        try
        {
            return new Generation(number, source, contained, loader.Load(source, contained));
        }
        catch (PluginException)
        {
            contained.Dispose();
            throw;
        }
    }

    /// <summary>Admits a call for a domain; <see langword="null"/> when the version is closed.</summary>
    public IActor? Enter(string actor, DomainIdentity domain)
    {
        lock (_gate)
        {
            if (_closed)
                return null;
            if (_remembersDomains)
                _served.TryAdd((domain.Domid, domain.Uuid), domain);
            _calls++;
            return _actors[actor];
        }
    }

    public void Leave()
    {
        bool last;
        lock (_gate)
            last = --_calls == 0 && _closed;
        if (last)
            _empty.TrySetResult();
    }

    public void Close()
    {
        lock (_gate)
            _closed = true;
        if (Calls == 0)
            _empty.TrySetResult();
    }

    /// <summary>Waits until the last call has left. After the deadline calls are cancelled; those that ignore it are abandoned.</summary>
    public async Task DrainAsync(TimeSpan deadline, TimeProvider time, CancellationToken hurry)
    {
        if (await EmptyWithinAsync(deadline, time, hurry))
            return;
        _expired.Cancel();
        await EmptyWithinAsync(PluginActor.ReturnDeadline * 2, time, CancellationToken.None);
    }

    /// <summary>Releases what one of its actors holds on a domain.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public Task ReleaseAsync(string actor, HostDomain domain, CancellationToken cancellation) =>
        ActorCall.ReleaseAsync(new PluginEntry(actor, _actors[actor]), new RunContext(domain, IRunObserver.None), cancellation);

    /// <summary>Gives the plugin new settings. Returns their problems; then the plugin keeps the old ones.</summary>
    public async Task<IReadOnlyList<string>> ConfigureAsync(SettingsBody? settings)
    {
        try
        {
            return await _contained.RunAsync(_ => _loaded.ConfigureAsync(settings));
        }
        catch (Exception error)
        {
            var what = $"when it received new settings: {Faults.Describe(error)}";
            _contained.Health.Fault(what);
            return [what];
        }
    }

    /// <summary>Whether it wants to be notified of domains; known once it is ready.</summary>
    public bool ObservesDomains => _loaded.ObservesDomains;

    /// <summary>Notifies it of a domain. What it does wrong counts as a fault.</summary>
    public async Task NotifyAsync(DomainIdentity domain, bool exists)
    {
        try
        {
            await _contained.RunAsync(async cancellation =>
            {
                await _loaded.NotifyAsync(domain, exists, cancellation);
                return true;
            });
        }
        // The end of a process has been counted.
        catch (ProcessDownException)
        {
            return;
        }
        catch (Exception error)
        {
            _contained.Health.Fault($"when a domain {(exists ? "appeared" : "disappeared")}: {Faults.Describe(error)}");
        }
    }

    /// <summary>The names of the mechanisms of its own; known once it is ready.</summary>
    public IReadOnlyList<string> OwnMechanisms => _loaded.OwnMechanisms;

    /// <summary>The domains for which it was called, and for which it may have mechanisms of its own.</summary>
    public IReadOnlyList<DomainIdentity> Served => [.. _served.Values];

    /// <summary>Forgets the domains for which it is called. Call it when it is known that it has no mechanisms of its own.</summary>
    public void ForgetDomains()
    {
        lock (_gate)
        {
            _remembersDomains = false;
            _served.Clear();
        }
    }

    /// <summary>Has it dispose of its own mechanisms for a domain that has disappeared. What it does wrong counts as a fault.</summary>
    public async Task EndDomainAsync(DomainIdentity domain)
    {
        if (_served.TryRemove((domain.Domid, domain.Uuid), out _))
            await EndMechanismsAsync(cancellation => _loaded.EndDomainAsync(domain, cancellation), $"when its mechanisms for domain {domain.Domid} were disposed of");
    }

    /// <summary>Disposes of its actors and its own mechanisms, each within a deadline.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public async Task EndAsync()
    {
        foreach (var actor in _actors.Values)
            await actor.DisposeAsync();
        if (OwnMechanisms.Count > 0)
            await EndMechanismsAsync(_ => _loaded.EndMechanismsAsync(), "when its mechanisms were disposed of");
    }

    /// <summary>Drops all references to its code. The result reports later whether the code has left the memory.</summary>
    public IUnloadedPlugin Unload()
    {
        _actors = new Dictionary<string, IActor>();
        _contained.Dispose();
        return _loaded.Unload();
    }

    public void Dispose() => _expired.Dispose();

    private async Task EndMechanismsAsync(Func<CancellationToken, Task> end, string when)
    {
        try
        {
            await _contained.RunAsync(async cancellation =>
            {
                await end(cancellation);
                return true;
            });
        }
        // The end of a process has been counted.
        catch (ProcessDownException)
        {
            return;
        }
        catch (Exception error)
        {
            _contained.Health.Fault($"{when}: {Faults.Describe(error)}");
        }
    }

    private async Task<bool> EmptyWithinAsync(TimeSpan limit, TimeProvider time, CancellationToken hurry)
    {
        if (_empty.Task.IsCompleted)
            return true;
        try
        {
            await _empty.Task.WaitAsync(limit, time, hurry);
            return true;
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }
}
