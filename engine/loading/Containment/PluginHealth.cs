namespace Actors.Loading.Containment;

/// <summary>The health of one plugin, kept while it is loaded.</summary>
internal sealed class PluginHealth(string id, TimeProvider time)
{
    private readonly Lock _gate = new();
    private volatile Health _now = new();

    /// <summary>A fault was counted, or a quarantine began or ended: what was before, and what is now.</summary>
    public event Action<Health, Health>? Changed;

    public string Id { get; } = id;

    public Health Now => _now;

    public void Served()
    {
        if (_now.InARow > 0)
            Become(health => health.Served());
    }

    public void Fault(string what) => Become(health => health.Faulted(what, time.GetUtcNow()));

    public void Ban(string what) => Become(health => health.Banned(what, time.GetUtcNow()));

    /// <summary>Why it is, and what takes it back; <see langword="null"/> while it serves.</summary>
    public string? OutOfService => Now.Quarantine is { } why ? $"plugin '{Id}' is quarantined ({why}); 'actors plugin reload {Id}' takes it back" : null;

    /// <summary>Ends a quarantine; what was counted in all stays.</summary>
    public void Lift() => Become(health => health with { InARow = 0, Quarantine = null });

    private void Become(Func<Health, Health> change)
    {
        Health before, after;
        lock (_gate)
        {
            before = _now;
            _now = after = change(before);
        }
        if (before.Total != after.Total || before.Serves != after.Serves)
            Changed?.Invoke(before, after);
    }
}
