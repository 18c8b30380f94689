namespace Actors.Loading.Containment;

/// <summary>Puts a plugin that exhausts the host's memory out of service.</summary>
internal sealed class MemoryWatch(long limit, Action<string> warn)
{
    private static readonly TimeSpan Brief = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<ThreadLane, AllocationRate> _rates = [];
    private long? _base;
    private long _checkedAt;

    public void Check(IReadOnlyList<ThreadLane> lanes, TimeProvider time)
    {
        foreach (var gone in _rates.Keys.Except(lanes).ToList())
            _rates.Remove(gone);
        var since = time.GetElapsedTime(_checkedAt);
        _checkedAt = time.GetTimestamp();
        foreach (var lane in lanes)
            _rates[lane] = _rates.GetValueOrDefault(lane).After(lane.Allocated, since);
        var heap = GC.GetTotalMemory(forceFullCollection: false);
        _base = Math.Min(_base ?? heap, heap);
        if (heap <= _base + limit)
            return;
        heap = GC.GetTotalMemory(forceFullCollection: true);
        if (heap <= _base + limit)
            return;
        if (Largest(lanes) is { } culprit)
        {
            var grown = heap - _base.Value;
            // The memory stays in use until the plugin is unloaded; the next plugin is measured from here.
            _base = heap;
            Ban(culprit, grown);
        }
        else if (!StopRunning(lanes, heap - _base.Value, time))
        {
            warn($"the heap grew by {MiB(heap - _base.Value)}, and no plugin has allocated that recently; if it keeps growing, restart the daemon");
            _base = heap;
        }
    }

    private ThreadLane? Largest(IReadOnlyList<ThreadLane> lanes) =>
        lanes.MaxBy(lane => _rates[lane].Recent) is { } lane && _rates[lane].Recent >= limit / 4 ? lane : null;

    private void Ban(ThreadLane culprit, long grown)
    {
        if (culprit.Health.Now.Serves)
            culprit.Health.Ban($"allocated too much: the host's heap grew by {MiB(grown)}, and {MiB(limit)} is the limit; its calls were stopped");
        culprit.StopAll();
    }

    // Only its own thread knows what running code has allocated, and reports it when it ends.
    private bool StopRunning(IReadOnlyList<ThreadLane> lanes, long grown, TimeProvider time)
    {
        var running = false;
        foreach (var slot in lanes.SelectMany(lane => lane.Slots))
        {
            if (slot.Call is not { } call || slot.Elapsed(time) is not { } elapsed)
                continue;
            // Code that has just begun, or waits at this moment, may still be what allocated: the next check decides.
            running = true;
            if (elapsed < Brief || slot.Waits)
                continue;
            call.StopBecause("was computing when the host's memory ran out; stopped", allocated =>
            {
                if (allocated >= limit / 4)
                    Ban(call.Lane, grown);
            });
            slot.Stop(call, time);
        }
        return running;
    }

    private static string MiB(long bytes) => $"{bytes >> 20} MiB";
}

/// <summary>How much a lane allocates; older allocations count less. Pure.</summary>
internal readonly record struct AllocationRate(long Total, double Recent)
{
    private static readonly TimeSpan Half = TimeSpan.FromSeconds(3.5);

    public AllocationRate After(long total, TimeSpan since) => new(total, Recent * Math.Pow(0.5, since / Half) + Math.Max(0, total - Total));
}
