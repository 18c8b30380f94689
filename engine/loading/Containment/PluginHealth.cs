namespace Actors.Loading.Containment;

/// <summary>The health of one plugin, kept while it is loaded.</summary>
internal sealed class PluginHealth(string id, TimeProvider time)
{
    private readonly Lock _gate = new();
    private volatile Health _now = new();

    /// <summary>Raised when a fault or a kill was counted, or a quarantine began or ended, with the health before and after.</summary>
    public event Action<Health, Health>? Changed;

    public string Id { get; } = id;

    public Health Now => _now;

    public void Served()
    {
        if (_now is { InARow: > 0 } or { Kills: > 0 })
            Change(health => health.Served());
    }

    public void Fault(string what) => Change(health => health.Faulted(what, time.GetUtcNow()));

    /// <summary>Counts an end of its process that somebody else caused.</summary>
    public void Killed(string what) => Change(health => health.Killed(what));

    public void Ban(string what) => Change(health => health.Banned(what, time.GetUtcNow()));

    /// <summary>Why it is out of service, and how to put it back; <see langword="null"/> while it serves.</summary>
    public string? OutOfService => Now.Quarantine is { } why ? $"plugin '{Id}' is quarantined ({why}); 'actors plugin reload {Id}' puts it back into service" : null;

    /// <summary>Ends a quarantine. The total stays.</summary>
    public void Lift() => Change(health => health with { InARow = 0, Kills = 0, Quarantine = null });

    private void Change(Func<Health, Health> change)
    {
        Health before, after;
        lock (_gate)
        {
            before = _now;
            _now = after = change(before);
        }
        if (before.Total != after.Total || before.Serves != after.Serves || after.Kills > before.Kills)
            Changed?.Invoke(before, after);
    }
}
