namespace Actors.Sim.Specs;

/// <summary>What a guest does with its memory: phases, one after the other, the last one for ever.</summary>
internal sealed record WorkloadSpec
{
    /// <summary>Never empty.</summary>
    public IReadOnlyList<WorkloadPhase> Phases { get; init; } = [new()];

    /// <summary>How far each amount strays, as a part of it: 0.1 is a tenth, either way.</summary>
    public double Noise { get; init; }

    /// <summary>The phase at a moment, how long it has lasted, and how long it still will; null: for ever.</summary>
    public (WorkloadPhase Phase, TimeSpan Since, TimeSpan? Left) At(TimeSpan time)
    {
        foreach (var phase in Phases.SkipLast(1))
        {
            var duration = phase.Duration ?? TimeSpan.MaxValue;
            if (time < duration)
                return (phase, time, phase.Duration - time);
            time -= duration;
        }
        return (Phases[^1], time, null);
    }
}

/// <summary>What a guest wants for a time.</summary>
internal sealed record WorkloadPhase
{
    /// <summary>How long it lasts; for ever when not given. The last one lasts for ever anyway.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Anonymous memory in constant use.</summary>
    public Shape WorkingSet { get; init; } = Shape.Nothing;

    /// <summary>Anonymous memory that lies idle.</summary>
    public Shape ColdSet { get; init; } = Shape.Nothing;

    /// <summary>File cache, where there is free memory for it.</summary>
    public Shape FileCache { get; init; } = Shape.Nothing;

    /// <summary>How much of kernel and working set it touches; the same page may be touched again.</summary>
    public Rate TouchRate { get; init; } = Rate.MiBPerSecond(32);

    /// <summary>How fast its sets grow; at once when not given.</summary>
    public Rate? AllocationRate { get; init; }
}
