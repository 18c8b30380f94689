using System.Runtime;

namespace Actors.Host.Service;

/// <summary>
/// Gives memory back to the system once work is over. The runtime collects garbage only when the program allocates, so after a burst of
/// targets an idle daemon would keep whatever the burst needed.
/// </summary>
internal sealed class MemoryTrim : IDisposable
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(5);

    private readonly ITimer _timer;
    private readonly Func<long> _allocated;
    private readonly Action _trim;
    private AllocationTrend _trend;

    /// <param name="time">The clock.</param>
    /// <param name="allocated">Returns how many bytes have been allocated so far.</param>
    /// <param name="trim">Collects garbage and returns memory to the system.</param>
    public MemoryTrim(TimeProvider time, Func<long>? allocated = null, Action? trim = null)
    {
        (_allocated, _trim) = (allocated ?? (() => GC.GetTotalAllocatedBytes()), trim ?? Collect);
        _timer = time.CreateTimer(_ => Check(), null, CheckEvery, CheckEvery);
    }

    public void Dispose() => _timer.Dispose();

    private void Check()
    {
        (_trend, var worthwhile) = _trend.Next(_allocated());
        if (worthwhile)
            _trim();
    }

    private static void Collect()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}

/// <summary>How much the program has allocated, to find the end of a burst. Pure.</summary>
/// <param name="AtTrim">The bytes allocated when memory was trimmed last.</param>
/// <param name="AtCheck">The bytes allocated at the last check.</param>
internal readonly record struct AllocationTrend(long AtTrim = 0, long AtCheck = 0)
{
    // Less garbage is not worth the pause of a collection.
    private const long LeastGarbage = 4 << 20;

    // More than that between two checks is work that a pause would delay.
    private const long MostAtRest = 8 << 20;

    /// <summary>Returns whether a trim is due: much was allocated since the last one, and only a small part of that since the last check.</summary>
    public (AllocationTrend Trend, bool TrimIsDue) Next(long allocated)
    {
        var (since, recent) = (allocated - AtTrim, allocated - AtCheck);
        return since >= LeastGarbage && recent <= MostAtRest && recent <= since / 4
            ? (new AllocationTrend(allocated, allocated), true)
            : (this with { AtCheck = allocated }, false);
    }
}
