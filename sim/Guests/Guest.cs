using System.Diagnostics;
using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Domains;
using Actors.Sim.Hinting;
using Actors.Sim.Memory;
using Actors.Sim.Specs;
using Actors.XenStore;

namespace Actors.Sim.Guests;

/// <summary>A booted guest: its kernel, its workload, and its balloon driver if it has one.</summary>
internal sealed class Guest : IDisposable
{
    private readonly SimulatedDomain _domain;
    private readonly Workload _workload;
    private readonly PageAccess _pageAccess;
    private readonly FileReader? _files;
    private readonly FreePageReporter? _reporter;
    private readonly TmemGuest? _tmem;
    private readonly BalloonDriver? _balloon;
    private readonly SelfBalloon? _selfBalloon;

    /// <param name="domain">The domain in which the guest runs.</param>
    /// <param name="store">The guest's own connection to xenstore.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="trace">Receives what the guest does.</param>
    /// <param name="seed">The source of the guest's random noise.</param>
    /// <param name="booted">When the guest booted, possibly on an earlier machine.</param>
    public Guest(SimulatedDomain domain, IXenStore store, SimulationClock clock, WorldTrace trace, Seed seed, TimeSpan booted)
    {
        (_domain, Booted) = (domain, booted);
        Random Noise(string user) => seed.For($"{user} of {domain.Spec.Name}");
        var guest = new ReclaimOrder(domain);
        Debug.Assert(domain.Memory.Shared == Pages.Zero, "the kernel's pages would be taken without being counted");
        domain.Use(PageClass.Free, PageClass.Kernel, domain.Spec.Guest.KernelNeed(domain.Spec.Memory).ToPages());
        _workload = new Workload(domain, guest, clock, () => Noise("workload"), booted - Begun(domain, Noise));
        _pageAccess = new PageAccess(domain, _workload, clock, () => Noise("touches"));
        if (domain.Spec.Guest.Workload.ReadsFiles)
            _files = new FileReader(domain, guest, _workload, clock, () => Noise("file reads"));
        if (domain.Spec.Guest.Hinting.Reporting is { } reporting)
        {
            _reporter = new FreePageReporter(domain, clock, reporting, KernelReserve.Of(domain.Spec.Memory).LowWatermark);
            guest.PagesFreed += _reporter.Notify;
        }
        if (domain.Spec.Guest.Hinting.Cmma is { } cmma)
            domain.Hints!.Begin(() => _workload.DirtyAfter(cmma.Writeback));
        if (domain.Tmem.Used)
            _tmem = new TmemGuest(domain, clock, Noise("tmem"));
        if (domain.Spec.Guest.Reports is { } reports)
        {
            var agent = new ReportAgent(domain, guest, _workload, clock, booted, reports);
            clock.Spawn(cancellation => agent.RunAsync(store, cancellation), domain.Gone);
        }
        if (domain.Spec.Guest.Balloon.Behaviour == BalloonBehaviour.None)
            return;
        _balloon = new BalloonDriver(domain, guest, clock, trace, Noise("balloon"));
        clock.Spawn(cancellation => _balloon.WatchAsync(store, cancellation), domain.Gone);
        if (domain.Spec.Guest.SelfBalloon is not { } selfBalloon)
            return;
        _selfBalloon = new SelfBalloon(domain, _workload, _balloon, selfBalloon, clock, trace);
        clock.Spawn(cancellation => _selfBalloon.WatchAsync(store, cancellation), domain.Gone);
    }

    /// <summary>How long its balloon has been kept from growing by max_mem alone.</summary>
    public TimeSpan BlockedByMaxMem => _balloon?.BlockedByMaxMem ?? TimeSpan.Zero;

    /// <summary>When the guest booted, by the clock.</summary>
    public TimeSpan Booted { get; }

    /// <summary>How many pages of its working set it must read from its swap in a second of work.</summary>
    public double SwapIns => _workload.SwapIns;

    /// <summary>How many pages of files it has read from its disk again because they were evicted from its cache.</summary>
    public long Reread => _files?.Reread ?? 0;

    /// <summary>How many pages of files it has read from its disk again because the host had discarded them.</summary>
    public long DiscardReads => _files?.Discarded ?? 0;

    /// <summary>
    /// How often it changes the state of a page in a second of work because it looks a page of a file up: it makes the page stable, and volatile again.
    /// </summary>
    public double Lookups => _domain.Hints is null ? 0 : 2 * (_workload.Phase.FileReads?.Within(TimeSpan.FromSeconds(1)).Value ?? 0);

    /// <summary>The page walks in a second of its work.</summary>
    public int TlbMisses => _workload.Phase.TlbMisses;

    /// <summary>How long its balloon took to its last target; <see langword="null"/> while it is not there.</summary>
    public TimeSpan? LastBalloonMove => _balloon?.LastMove;

    private static TimeSpan Begun(SimulatedDomain domain, Func<string, Random> noise) =>
        domain.Spec.Guest.Workload.BegunWithin is var most && most == TimeSpan.Zero ? most : most * noise("begin").NextDouble();

    public void Dispose()
    {
        _selfBalloon?.Dispose();
        _balloon?.Dispose();
        _tmem?.Dispose();
        _reporter?.Dispose();
        _files?.Dispose();
        _pageAccess.Dispose();
        _workload.Dispose();
    }
}
