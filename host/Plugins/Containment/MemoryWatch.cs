namespace Actors.Host.Plugins.Containment;

/// <summary>Puts the plugin out of service that takes the host's memory.</summary>
internal sealed class MemoryWatch(long allowance, Action<string> tell)
{
    private readonly Dictionary<ThreadLane, Appetite> _appetites = [];
    private long? _base;

    public void Look(IReadOnlyList<ThreadLane> lanes, TimeProvider time)
    {
        foreach (var gone in _appetites.Keys.Except(lanes).ToList())
            _appetites.Remove(gone);
        foreach (var lane in lanes)
            _appetites[lane] = _appetites.GetValueOrDefault(lane).Ate(lane.Allocated);
        var heap = GC.GetTotalMemory(forceFullCollection: false);
        _base = Math.Min(_base ?? heap, heap);
        if (heap <= _base + allowance)
            return;
        heap = GC.GetTotalMemory(forceFullCollection: true);
        if (heap <= _base + allowance)
            return;
        var grown = heap - _base.Value;
        // What is held stays held until the plugin is unloaded; the next one is judged by what comes on top.
        _base = heap;
        if (Culprit(lanes, time) is { } culprit)
        {
            culprit.Health.Ban($"allocated without measure: the host's heap grew by {MiB(grown)}, and {MiB(allowance)} is the limit; its calls were stopped");
            culprit.StopAll();
        }
        else
        {
            tell($"the heap grew by {MiB(grown)}, and no plugin allocated that lately; if it goes on growing, restart the daemon");
        }
    }

    private ThreadLane? Culprit(IReadOnlyList<ThreadLane> lanes, TimeProvider time)
    {
        var hungriest = lanes.MaxBy(lane => _appetites[lane].Lately);
        if (hungriest is not null && _appetites[hungriest].Lately >= allowance / 4)
            return hungriest;
        // What a slice under way has allocated only its own thread knows.
        return lanes.Where(lane => Longest(lane) > TimeSpan.FromMilliseconds(50)).MaxBy(Longest);

        TimeSpan Longest(ThreadLane lane) => lane.Slices.Max(slice => slice.Elapsed(time)) ?? TimeSpan.Zero;
    }

    private static string MiB(long bytes) => $"{bytes >> 20} MiB";
}

/// <summary>How much something allocates, what is long ago counting ever less. Pure.</summary>
internal readonly record struct Appetite(long Total, double Lately)
{
    // At ten looks a second: half of it forgotten after three and a half seconds.
    private const double Memory = 0.98;

    public Appetite Ate(long total) => new(total, Lately * Memory + Math.Max(0, total - Total));
}
