namespace Actors.Loading.Containment;

/// <summary>What a plugin may use in real time.</summary>
internal sealed record PluginLimits
{
    /// <summary>How long it may hold a thread without a pause. On a busy machine, compiling the first call of well-behaved code takes seconds.</summary>
    public TimeSpan ThreadHold { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>By how many bytes it may make the heap grow.</summary>
    public long Memory { get; init; } = Math.Min(512L << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);
}
