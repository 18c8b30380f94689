using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Domains;
using Actors.Sim.Specs;
using Actors.XenStore;

namespace Actors.Sim.Paging;

/// <summary>
/// A running xenpaging process for one domain. It keeps <c>tot_pages</c> at <c>memory/target-tot_pages</c> by paging out pages
/// without knowing what they hold. Pages that the guest touches come back; then it takes others.
/// </summary>
internal sealed class Pager : IDisposable
{
    /// <summary>How often it polls when there is nothing to do.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>How long it waits when the hypervisor has no memory for a page that must be paged in.</summary>
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly SimulatedDomain _domain;
    private readonly Rate _out;
    private readonly Rate _in;
    private readonly WorldTrace _trace;
    private readonly Random _noise;
    private readonly Func<Pages> _spare;
    private readonly ITimer _next;
    private readonly CancellationTokenSource _ended;
    private readonly TaskCompletionSource _emptied = new();
    private string? _key;
    private bool _stopping;
    private bool _awake;
    private bool _settled = true;

    public Pager(SimulatedDomain domain, IXenStore dom0, SimulationClock clock, HostSpec host, WorldTrace trace, Random noise, Func<Pages> spare)
    {
        _spare = spare;
        (_domain, _trace, _noise) = (domain, trace, noise);
        (_out, _in) = (host.PagingRate, host.PageInRate ?? host.PagingRate);
        _next = clock.CreateTimer(_ => Step(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _ended = CancellationTokenSource.CreateLinkedTokenSource(domain.Gone);
        domain.MemoryChanged += Wake;
        trace.Write(domain, "pager starts");
        clock.Spawn(cancellation => WatchAsync(dom0, cancellation), _ended.Token);
    }

    /// <summary>Pages everything in, as far as the host has memory above what must stay free.</summary>
    public Task EmptyAsync()
    {
        _stopping = true;
        Wake();
        return _emptied.Task;
    }

    public void Dispose()
    {
        _trace.Write(_domain, "pager ends");
        _domain.MemoryChanged -= Wake;
        _ended.Cancel();
        _ended.Dispose();
        _next.Dispose();
        _emptied.TrySetResult();
    }

    private async Task WatchAsync(IXenStore dom0, CancellationToken cancellation)
    {
        var path = $"/local/domain/{_domain.Domid}/{DomainKeys.PagingTarget}";
        await using var queue = dom0.OpenWatchQueue();
        await queue.AddAsync(path, "target", cancellation);
        while (true)
        {
            await queue.NextAsync(cancellation);
            var key = await dom0.TryReadTextAsync(path, cancellation);
            if (key == _key)
                continue;
            _key = key;
            _settled = false;
            _trace.Write(_domain, Target is { } goal ? $"pager moves to {goal.ToKib()}" : "pager brings everything in");
            Wake();
        }
    }

    private PagerStep Next =>
        PagerRules.Next(Target, _domain.TotPages, _domain.Memory.PagedOut, _out.Batch(PagerRules.LargestBatch), _in.Batch(PagerRules.LargestBatch));

    private Pages? Target => _stopping ? null : PagerRules.Target(_key, _domain.MaxPages);

    private void Wake()
    {
        if (_awake)
            return;
        if (Next == default)
            Settle();
        else
            Schedule(Poll);
    }

    private void Step()
    {
        var step = Next;
        var moved = step.Out > Pages.Zero ? _domain.PageOut(step.Out) : _domain.PageIn(_stopping ? Pages.Min(step.In, _spare()) : step.In);
        if (moved > Pages.Zero)
            Schedule((step.Out > Pages.Zero ? _out : _in).TimeFor(moved, _noise));
        else if (step.In > Pages.Zero)
            Schedule(Retry);
        else
            Settle();
    }

    private void Settle()
    {
        _awake = false;
        if (!_settled)
            _trace.Write(_domain, $"pager stays at {_domain.Info.Footprint}, {_domain.Memory.PagedOut.ToKib()} out");
        _settled = true;
        if (_stopping && _domain.Memory.PagedOut == Pages.Zero)
            _emptied.TrySetResult();
    }

    private void Schedule(TimeSpan delay)
    {
        _awake = true;
        _next.Change(delay, Timeout.InfiniteTimeSpan);
    }
}
