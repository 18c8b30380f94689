namespace Actors.Loading.Containment;

/// <summary>What a plugin may take in real time.</summary>
internal sealed record PluginLimits
{
    /// <summary>How long it may compute without a pause. On a starved machine, the first call of honest code takes seconds to be compiled.</summary>
    public TimeSpan Slice { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>By how many bytes the heap may grow on its account.</summary>
    public long Memory { get; init; } = Math.Min(512L << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);
}
