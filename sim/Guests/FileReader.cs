using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Domains;
using Actors.Sim.Memory;

namespace Actors.Sim.Guests;

/// <summary>
/// Simulates how a guest reads the files again that it had in its cache. A page that was evicted comes from its disk, and a page that the host has
/// paged out comes from the host's. A page that the host has discarded causes a discard fault: the guest counted it as cached, and reads it from its
/// disk. This runs only while there is such a page.
/// </summary>
internal sealed class FileReader : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    private static readonly PageClass[] Cache = [PageClass.ActiveCache, PageClass.InactiveCache];

    private readonly SimulatedDomain _domain;
    private readonly ReclaimOrder _guest;
    private readonly Workload _workload;
    private readonly Func<Random> _makeNoise;
    private readonly ITimer _next;
    private bool _reading;
    private Random? _noise;

    public FileReader(SimulatedDomain domain, ReclaimOrder guest, Workload workload, SimulationClock clock, Func<Random> noise)
    {
        (_domain, _guest, _workload, _makeNoise) = (domain, guest, workload, noise);
        _next = clock.CreateTimer(_ => Read(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        domain.MemoryChanged += Begin;
        domain.StateChanged += Begin;
        workload.Updated += Begin;
    }

    /// <summary>How many evicted pages the guest has read from its disk again.</summary>
    public long Reread { get; private set; }

    /// <summary>How many discarded pages the guest has read from its disk again.</summary>
    public long Discarded { get; private set; }

    public void Dispose()
    {
        _domain.MemoryChanged -= Begin;
        _domain.StateChanged -= Begin;
        _workload.Updated -= Begin;
        _next.Dispose();
    }

    private bool HasWork =>
        _workload.Evicted > Pages.Zero || Cache.Any(kind => _domain.Memory.DiscardedOf(kind) > Pages.Zero) || (!_domain.PagerDied && Cache.Any(kind => _domain.Memory.PagedOutOf(kind) > Pages.Zero));

    private void Begin()
    {
        if (_reading || _domain.State != DomainState.Running || !HasWork || _workload.Phase.FileReads is null)
            return;
        _reading = true;
        _next.Change(Step, Timeout.InfiniteTimeSpan);
    }

    private void Read()
    {
        if (_domain.State == DomainState.Running && _workload.Phase.FileReads is { } rate && _workload.Files > Pages.Zero)
        {
            var ofOnePage = rate.Within(Step).Value / (double)_workload.Files.Value;
            foreach (var kind in Cache)
                if (!_domain.PagerDied)
                    _domain.PageIn(kind, Hit(_domain.Memory.PagedOutOf(kind), ofOnePage));
            foreach (var kind in Cache)
                ReadDiscarded(kind, Hit(_domain.Memory.DiscardedOf(kind), ofOnePage));
            ReadEvicted(Hit(_workload.Evicted, ofOnePage));
        }
        _reading = false;
        Begin();
    }

    private void ReadDiscarded(PageClass kind, Pages pages)
    {
        var read = Pages.Min(pages, _domain.Memory.DiscardedOf(kind));
        Discarded += read.Value;
        _domain.Reread(kind, read);
    }

    private void ReadEvicted(Pages pages)
    {
        Reread += pages.Value;
        // Without a free page, each one takes the place of another in the cache.
        if (_guest.Allocate(PageClass.InactiveCache, pages) > Pages.Zero)
            _guest.AgeCache();
    }

    private Pages Hit(Pages pages, double touchesOfOnePage) => PageAccess.Hit(pages, touchesOfOnePage, _noise ??= _makeNoise());
}
