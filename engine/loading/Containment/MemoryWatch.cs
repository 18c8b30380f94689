namespace Actors.Loading.Containment;

/// <summary>Puts the plugin out of service that takes the host's memory.</summary>
internal sealed class MemoryWatch(long allowance, Action<string> tell)
{
    private static readonly TimeSpan Brief = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<ThreadLane, Appetite> _appetites = [];
    private long? _base;
    private long _looked;

    public void Look(IReadOnlyList<ThreadLane> lanes, TimeProvider time)
    {
        foreach (var gone in _appetites.Keys.Except(lanes).ToList())
            _appetites.Remove(gone);
        var since = time.GetElapsedTime(_looked);
        _looked = time.GetTimestamp();
        foreach (var lane in lanes)
            _appetites[lane] = _appetites.GetValueOrDefault(lane).Ate(lane.Allocated, since);
        var heap = GC.GetTotalMemory(forceFullCollection: false);
        _base = Math.Min(_base ?? heap, heap);
        if (heap <= _base + allowance)
            return;
        heap = GC.GetTotalMemory(forceFullCollection: true);
        if (heap <= _base + allowance)
            return;
        if (Hungriest(lanes) is { } culprit)
        {
            var grown = heap - _base.Value;
            // What is held stays held until the plugin is unloaded; the next one is judged by what comes on top.
            _base = heap;
            Ban(culprit, grown);
        }
        else if (!StopRunning(lanes, heap - _base.Value, time))
        {
            tell($"the heap grew by {MiB(heap - _base.Value)}, and no plugin allocated that lately; if it goes on growing, restart the daemon");
            _base = heap;
        }
    }

    private ThreadLane? Hungriest(IReadOnlyList<ThreadLane> lanes) =>
        lanes.MaxBy(lane => _appetites[lane].Lately) is { } lane && _appetites[lane].Lately >= allowance / 4 ? lane : null;

    private void Ban(ThreadLane culprit, long grown)
    {
        if (culprit.Health.Now.Serves)
            culprit.Health.Ban($"allocated without measure: the host's heap grew by {MiB(grown)}, and {MiB(allowance)} is the limit; its calls were stopped");
        culprit.StopAll();
    }

    // What code under way has allocated only its own thread knows, and tells when it ends.
    private bool StopRunning(IReadOnlyList<ThreadLane> lanes, long grown, TimeProvider time)
    {
        var running = false;
        foreach (var slice in lanes.SelectMany(lane => lane.Slices))
        {
            if (slice.Call is not { } call || slice.Elapsed(time) is not { } elapsed || elapsed < Brief || slice.Waits)
                continue;
            running = true;
            call.StopBecause("was computing when the host's memory ran out; stopped", allocated =>
            {
                if (allocated >= allowance / 4)
                    Ban(call.Lane, grown);
            });
            slice.Stop(call, time);
        }
        return running;
    }

    private static string MiB(long bytes) => $"{bytes >> 20} MiB";
}

/// <summary>How much something allocates, what is long ago counting ever less. Pure.</summary>
internal readonly record struct Appetite(long Total, double Lately)
{
    private static readonly TimeSpan Half = TimeSpan.FromSeconds(3.5);

    public Appetite Ate(long total, TimeSpan since) => new(total, Lately * Math.Pow(0.5, since / Half) + Math.Max(0, total - Total));
}
