using System.Collections.Immutable;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Sim;

/// <summary>
/// The simulated hypervisor. All it decides, it decides on the clock's loop: a caller there gets its answer at once, any other
/// waits for the loop to come round to it.
/// </summary>
internal sealed class SimulatedHost : IHypervisor
{
    private const int Dom0 = 0;

    private static readonly Version FirstWithoutTmem = new(4, 13);

    private readonly MachineMemory _machine;
    private readonly PageFiles _pageFiles;
    private readonly Action<int>? _announceShutdown;

    // Replaced as a whole, so that it can be looked at from any thread.
    private volatile ImmutableSortedDictionary<int, Entry> _domains = ImmutableSortedDictionary<int, Entry>.Empty;

    /// <summary>A host with dom0 on it.</summary>
    /// <param name="clock">Its time, and its thread.</param>
    /// <param name="connect">Gives a connection to the xenstore that acts with the rights of a domain.</param>
    /// <param name="spec">The machine.</param>
    /// <param name="trace">Told one line for each event of the world, in order.</param>
    /// <param name="announceShutdown">Told of a domain that has shut down or crashed, as Xen tells a xenstored (<c>VIRQ_DOM_EXC</c>).</param>
    public SimulatedHost(
        SimulationClock clock, Func<int, IXenStore> connect, HostSpec spec, Action<string>? trace = null, Action<int>? announceShutdown = null)
    {
        (Clock, Connect, Spec, _announceShutdown) = (clock, connect, spec, announceShutdown);
        Trace = new WorldTrace(clock, trace);
        _machine = new MachineMemory(spec.Memory.ToPages());
        _pageFiles = new PageFiles(spec.PagingDisk);
        DomainZero = connect(Dom0);
        var dom0 = Build(new DomainSpec { Name = "Domain-0", Kind = DomainKind.Pv, Memory = spec.Dom0Memory, Uuid = Guid.Empty });
        dom0.SetState(DomainState.Running);
    }

    /// <summary>A domain was built, or brought back; it does nothing yet.</summary>
    public event Action<SimulatedDomain>? Built;

    public string Description => "simulated host";

    /// <summary>What is shared.</summary>
    public CommonPages Common => _machine.Common;

    /// <summary>In the order of their domids.</summary>
    public IEnumerable<SimulatedDomain> Domains => _domains.Values.Select(entry => entry.Domain);

    public SimulationClock Clock { get; }

    public HostSpec Spec { get; }

    public WorldTrace Trace { get; }

    /// <summary>The connection of dom0, as which the toolstack and the pagers act.</summary>
    public IXenStore DomainZero { get; }

    public Func<int, IXenStore> Connect { get; }

    /// <summary>The highest that was given to a domain.</summary>
    public int LastDomid { get; private set; } = -1;

    public async ValueTask<HostMemory> GetHostMemoryAsync(CancellationToken cancellation = default) =>
        await Clock.CallAsync(() => new HostMemory(_machine.Total.ToKib(), _machine.Free.ToKib(), Kib.Zero));

    public async ValueTask<IReadOnlyList<DomainInfo>> ListDomainsAsync(CancellationToken cancellation = default) =>
        await Clock.CallAsync<IReadOnlyList<DomainInfo>>(() => [.. _domains.Values.Select(entry => entry.Domain.Info)]);

    public async ValueTask<DomainInfo?> GetDomainAsync(int domid, CancellationToken cancellation = default) =>
        await Clock.CallAsync(() => Find(domid)?.Info);

    public Offer<TMechanism> GetMechanism<TMechanism>(int domid) where TMechanism : class
    {
        if (_domains.GetValueOrDefault(domid) is not { } entry)
            return Offer.None<TMechanism>($"domain {domid} does not exist (any more)");
        if (WhyNot(typeof(TMechanism), entry.Domain) is { } reason)
            return Offer.None<TMechanism>(reason);
        return entry.Mechanisms.OfType<TMechanism>().FirstOrDefault() is { } mechanism
            ? Offer.Of(mechanism)
            : Offer.None<TMechanism>($"the simulated host does not know {typeof(TMechanism).Name}");
    }

    public SimulatedDomain? Find(int domid) => _domains.GetValueOrDefault(domid)?.Domain;

    /// <summary>The newest of a name: while a domain reboots, there may be two.</summary>
    public SimulatedDomain? Find(string name) => _domains.Values.LastOrDefault(entry => entry.Domain.Spec.Name == name)?.Domain;

    /// <summary>Builds a domain from free memory, under the next domid.</summary>
    /// <exception cref="HypervisorException">There is not enough of it.</exception>
    public SimulatedDomain Build(DomainSpec spec) =>
        Add(new SimulatedDomain(LastDomid + 1, spec.Uuid ?? Spec.Seed.UuidOf(spec.Name), spec, _machine));

    /// <summary>Brings a domain of an earlier machine back, under its own domid.</summary>
    public SimulatedDomain BringBack(DomainSpec spec, DomainEntry earlier)
    {
        var (populated, pagedOut, persistent) = (new Pages(earlier.Populated), new Pages(earlier.PagedOut), new Pages(earlier.TmemPersistent));
        // The entries of two domains are not of the same moment: what one gave up, the other may have had already.
        var most = Pages.Max(Pages.Zero, _machine.Free + pagedOut - persistent - spec.Offset.ToPages());
        var size = new DomainSize(Pages.Min(populated, most), pagedOut, new Pages(earlier.MaxPages), persistent);
        return Add(new SimulatedDomain(earlier.Domid, earlier.Uuid, spec, _machine, size));
    }

    /// <summary>Gives no domid again that an earlier machine gave.</summary>
    public void SkipDomids(int last) => LastDomid = Math.Max(LastDomid, last);

    /// <summary>Takes a domain down, and its memory back.</summary>
    public void Destroy(SimulatedDomain domain)
    {
        foreach (var mechanism in _domains[domain.Domid].Mechanisms.OfType<IDisposable>())
            mechanism.Dispose();
        _domains = _domains.Remove(domain.Domid);
        domain.Destroy();
    }

    public bool IsPaging(int domid) => PagingOf(domid)?.Running ?? false;

    /// <summary>The pager of a domain dies, where it has one.</summary>
    public void KillPager(int domid, string why) => PagingOf(domid)?.Kill(why);

    /// <summary>Whether Xen could share pages of a domain.</summary>
    public static bool CanShare(SimulatedDomain domain) => domain.Spec is { Kind: not DomainKind.Pv, Hap: true, Passthrough: false };

    private SimulatedPaging? PagingOf(int domid) =>
        _domains.GetValueOrDefault(domid)?.Mechanisms.OfType<SimulatedPaging>().FirstOrDefault();

    private SimulatedDomain Add(SimulatedDomain domain)
    {
        SkipDomids(domain.Domid);
        domain.StateChanged += () =>
        {
            if (domain.State is DomainState.ShutDown or DomainState.Crashed)
                _announceShutdown?.Invoke(domain.Domid);
        };
        IReadOnlyList<object> mechanisms =
        [
            new SimulatedMaxMem(domain, Clock),
            new SimulatedPaging(domain, Clock, _pageFiles, () => StartPager(domain)),
            new SimulatedSharing(domain, this),
            new SimulatedTmem(domain, Clock, Trace),
        ];
        _domains = _domains.Add(domain.Domid, new Entry(domain, mechanisms));
        Built?.Invoke(domain);
        return domain;
    }

    private string? WhyNot(Type mechanism, SimulatedDomain domain)
    {
        if (mechanism == typeof(IPaging))
            return PagerRefusal.WithoutTrying(Spec, domain);
        if (mechanism == typeof(ISharing))
            return WhyNoSharing(domain);
        return mechanism == typeof(ITmem) ? WhyNoTmem(domain) : null;
    }

    private string? WhyNoSharing(SimulatedDomain domain)
    {
        if (!Spec.Sharing)
            return "this hypervisor is built without memory sharing (CONFIG_MEM_SHARING; ENOSYS)";
        if (domain.Spec.Kind == DomainKind.Pv)
            return $"sharing needs hardware-assisted paging (HAP): domain {domain.Domid} is PV";
        return domain.Spec.Hap ? null : "sharing needs hardware-assisted paging (ENODEV): build the domain with 'hap=1'";
    }

    private string? WhyNoTmem(SimulatedDomain domain)
    {
        if (Spec.XenVersion >= FirstWithoutTmem)
            return $"tmem was removed from Xen in 4.13, and this is {Spec.XenVersion}";
        if (!Spec.Tmem)
            return "tmem is off on this host: boot Xen with 'tmem'";
        return domain.Tmem.Used ? null : $"domain {domain.Domid} has no tmem pool: its guest does not use tmem (boot it with 'tmem')";
    }

    private Pager StartPager(SimulatedDomain domain) =>
        new(domain, DomainZero, Clock, Spec.PagingRate, Trace, Spec.Seed.For($"pager of {domain.Spec.Name}"));

    private sealed record Entry(SimulatedDomain Domain, IReadOnlyList<object> Mechanisms);
}
