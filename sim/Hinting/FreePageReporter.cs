using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Domains;
using Actors.Sim.Memory;
using Actors.Sim.Specs;

namespace Actors.Sim.Hinting;

/// <summary>
/// A guest's free page reporting: it reports free blocks to the host, which discards them at once (MADV_DONTNEED). A page that is used again
/// returns by an ordinary fault. It runs only after the guest has freed memory.
/// </summary>
internal sealed class FreePageReporter : IDisposable
{
    private readonly SimulatedDomain _domain;
    private readonly ReportingSpec _spec;
    private readonly Pages _lowWatermark;
    private readonly ITimer _next;
    private readonly int[] _reported;
    private bool _requested;

    public FreePageReporter(SimulatedDomain domain, SimulationClock clock, ReportingSpec spec, Pages lowWatermark)
    {
        (_domain, _spec, _lowWatermark) = (domain, spec, lowWatermark);
        _reported = new int[domain.Memory.ChunkCount];
        _next = clock.CreateTimer(_ => Run(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        domain.StateChanged += Resume;
        Notify();
    }

    /// <summary>The guest has freed pages.</summary>
    public void Notify() => Request();

    public void Dispose()
    {
        _domain.StateChanged -= Resume;
        _next.Dispose();
    }

    private void Request()
    {
        if (_requested)
            return;
        _requested = true;
        _next.Change(_spec.Delay, Timeout.InfiniteTimeSpan);
    }

    private void Resume()
    {
        if (_requested && _domain.State == DomainState.Running)
            _next.Change(_spec.Delay, Timeout.InfiniteTimeSpan);
    }

    private void Run()
    {
        if (_domain.State != DomainState.Running)
            return;
        _requested = false;
        var memory = _domain.Memory;
        if (ReportingRules.Skips(memory.Of(PageClass.Free), _lowWatermark, _spec))
            return;
        var (blocks, exhausted) = ReportingRules.Pass(FreeBlocks.Of(memory, _spec.Order, _reported, _spec.Fragmented), _spec);
        Report(blocks);
        if (exhausted)
            Request();
    }

    private void Report(IReadOnlyList<FreeBlock> blocks)
    {
        // What was allocated since is no longer reported, even if it is free again.
        for (var chunk = 0; chunk < _reported.Length; chunk++)
            _reported[chunk] = Math.Min(_reported[chunk], _domain.Memory.PagesIn(chunk, PageClass.Free) - _domain.Memory.ResidentIn(chunk, PageClass.Free));
        _domain.Discard(memory => new Pages(blocks.Sum(block => Report(memory, block))));
    }

    private long Report(GuestMemory memory, FreeBlock block)
    {
        var discarded = 0L;
        for (var (chunk, left) = (block.Chunk, block.Pages); left > 0; chunk++)
        {
            var here = (int)Math.Min(left, Chunks.Size);
            left -= here;
            _reported[chunk] = Math.Min(memory.PagesIn(chunk, PageClass.Free), _reported[chunk] + here);
            discarded += memory.DiscardIn(chunk, PageClass.Free, here);
        }
        return discarded;
    }
}
