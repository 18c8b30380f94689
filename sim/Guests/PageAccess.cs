using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Domains;
using Actors.Sim.Memory;

namespace Actors.Sim.Guests;

/// <summary>
/// Simulates how the guest touches its kernel and its working set. A paged-out page is brought in then, and a shared page
/// is written to. This runs only while there is such a page.
/// </summary>
internal sealed class PageAccess : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly PageClass[] Touched = [PageClass.Kernel, PageClass.Hot];

    private readonly SimulatedDomain _domain;
    private readonly Workload _workload;
    private readonly Func<Random> _makeNoise;
    private readonly ITimer _next;
    private bool _touching;
    private Random? _noise;

    public PageAccess(SimulatedDomain domain, Workload workload, SimulationClock clock, Func<Random> noise)
    {
        (_domain, _workload, _makeNoise) = (domain, workload, noise);
        _next = clock.CreateTimer(_ => Touch(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        domain.MemoryChanged += Begin;
        domain.StateChanged += Begin;
    }

    public void Dispose()
    {
        _domain.MemoryChanged -= Begin;
        _domain.StateChanged -= Begin;
        _next.Dispose();
    }

    private bool HasWork =>
        _domain.Memory.SharedOf(PageClass.Hot) > Pages.Zero
        || (!_domain.PagerDied && _domain.Memory.PagedOutOf(PageClass.Kernel) + _domain.Memory.PagedOutOf(PageClass.Hot) > Pages.Zero);

    private void Begin()
    {
        if (_touching || _domain.State != DomainState.Running || !HasWork)
            return;
        _touching = true;
        _next.Change(Step, Timeout.InfiniteTimeSpan);
    }

    private void Touch()
    {
        if (_domain.State == DomainState.Running)
        {
            var touches = _workload.Phase.TouchRate.Within(Step);
            var held = Touched.Sum(kind => _domain.Memory.Of(kind).Value);
            var ofOnePage = touches.Value / (double)held;
            foreach (var kind in Touched)
                if (!_domain.PagerDied)
                    _domain.PageIn(kind, Hit(_domain.Memory.PagedOutOf(kind), ofOnePage));
            if (_domain.Memory.SharedOf(PageClass.Hot) is var shared && shared > Pages.Zero)
                _domain.WriteShared(PageClass.Hot, Hit(shared, ofOnePage));
        }
        _touching = false;
        Begin();
    }

    /// <summary>
    /// How many of these pages are hit at least once when each page is touched that often on average. A fraction of a page
    /// is rounded at random.
    /// </summary>
    public static Pages Hit(Pages pages, double touchesOfOnePage, Random noise) =>
        new((long)((pages.Value * (1 - Math.Exp(-touchesOfOnePage))) + noise.NextDouble()));

    private Pages Hit(Pages pages, double touchesOfOnePage) => Hit(pages, touchesOfOnePage, _noise ??= _makeNoise());
}
