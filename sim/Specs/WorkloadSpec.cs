namespace Actors.Sim.Specs;

/// <summary>What a guest does with its memory: phases, one after the other. The last one lasts forever.</summary>
internal sealed record WorkloadSpec
{
    /// <summary>The phases; never empty.</summary>
    public IReadOnlyList<WorkloadPhase> Phases { get; init; } = [new()];

    /// <summary>How far each amount deviates at random, as a fraction: 0.1 is a tenth in either direction.</summary>
    public double Noise { get; init; }

    /// <summary>Whether the guest reads files again in some phase.</summary>
    public bool ReadsFiles => Phases.Any(phase => phase.FileReads is not null);

    /// <summary>The phase at a moment, how long it has lasted, and how long it will still last; <see langword="null"/>: forever.</summary>
    public (WorkloadPhase Phase, TimeSpan Since, TimeSpan? Left) At(TimeSpan time)
    {
        for (var index = 0; index < Phases.Count - 1; index++)
        {
            var phase = Phases[index];
            var duration = phase.Duration ?? TimeSpan.MaxValue;
            if (time < duration)
                return (phase, time, phase.Duration - time);
            time -= duration;
        }
        return (Phases[^1], time, null);
    }
}

/// <summary>What a guest wants during a phase.</summary>
internal sealed record WorkloadPhase
{
    /// <summary>How long the phase lasts; forever when not given. The last phase always lasts forever.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Anonymous memory in constant use.</summary>
    public Shape WorkingSet { get; init; } = Shape.Nothing;

    /// <summary>Idle anonymous memory.</summary>
    public Shape ColdSet { get; init; } = Shape.Nothing;

    /// <summary>File cache, as far as there is free memory for it.</summary>
    public Shape FileCache { get; init; } = Shape.Nothing;

    /// <summary>
    /// How much of the file cache the guest reads again in a second of work, each page as likely as any other. It reads a page from its disk that was
    /// evicted. None when not given.
    /// </summary>
    public Rate? FileReads { get; init; }

    /// <summary>Whether the guest frees file cache beyond <see cref="FileCache"/>, because it deletes files or drops its caches.</summary>
    public bool DropsCache { get; init; }

    /// <summary>How much of the kernel and the working set the guest touches. It may touch the same page again.</summary>
    public Rate TouchRate { get; init; } = Rate.MiBPerSecond(32);

    /// <summary>
    /// The page walks in a second of work (misses of the TLB). This is a free parameter: it depends on the program, and is counted where
    /// superpages are simulated.
    /// </summary>
    public int TlbMisses { get; init; } = 1_000_000;

    /// <summary>How fast the sets grow; immediately when not given.</summary>
    public Rate? AllocationRate { get; init; }
}
