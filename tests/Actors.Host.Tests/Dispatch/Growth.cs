using Actors.Sdk;
using Actors.Sim.Domains;

namespace Actors.Host.Tests.Dispatch;

/// <summary>A hypervisor with an amount of free memory that a test sets, and an actor that grows domains while there is enough.</summary>
internal sealed class Growth(TestWorld world) : IHypervisor
{
    private Kib _all;

    public TestWorld World => world;

    private Kib Held => Enumerable.Range(1, 2000).Select(domid => world.Machine.Find(domid)).OfType<SimulatedDomain>()
        .Aggregate(Kib.Zero, (sum, domain) => sum + domain.Info.Footprint);

    public Kib Available
    {
        get => _all - Held;
        set => _all = value + Held;
    }

    /// <summary>Whether another domain takes the memory as soon as an attempt is made.</summary>
    public bool VanishesWhenUsed { get; set; }

    /// <summary>The domains that were given their target, in order.</summary>
    public List<int> Calls { get; } = [];

    /// <summary>How often the host's memory was read.</summary>
    public int Reads { get; set; }

    public string Description => world.Machine.Description;

    public ValueTask<HostMemory> GetHostMemoryAsync(CancellationToken cancellation = default)
    {
        Reads++;
        return new(new HostMemory(Kib.FromGiB(64), Available, Kib.Zero));
    }

    public ValueTask<IReadOnlyList<DomainInfo>> ListDomainsAsync(CancellationToken cancellation = default) => world.Machine.ListDomainsAsync(cancellation);

    public ValueTask<DomainInfo?> GetDomainAsync(int domid, CancellationToken cancellation = default) => world.Machine.GetDomainAsync(domid, cancellation);

    public Offer<TMechanism> GetMechanism<TMechanism>(int domid) where TMechanism : class => world.Machine.GetMechanism<TMechanism>(domid);

    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        Calls.Add(domain.Identity.Domid);
        var start = await domain.InspectAsync(cancellation);
        var needed = request.Target - start.Footprint;
        if (VanishesWhenUsed)
            Available = Kib.Zero;
        await domain.Store.WriteAsync("memory/target", $"{(Kib.Min(request.Target, start.Footprint) - Kib.FromMiB(1)).Value}", cancellation);
        if (needed > Kib.Zero && needed > Available)
            return Outcome.Short(start.Footprint, "the host is full") with { Lacks = Lack.OfHostMemory(needed) };
        await domain.GetMechanism<IMaxMem>().Mechanism!.SetMaxMemAsync(request.Target + Kib.FromMiB(1), cancellation);
        await domain.Store.WriteAsync("memory/target", $"{(request.Target - Kib.FromMiB(1)).Value}", cancellation);
        while (true)
        {
            var now = (await domain.InspectAsync(cancellation)).Footprint;
            if (request.IsReachedBy(now))
                return Outcome.Reached(now, "done");
            await Task.Delay(TimeSpan.FromMilliseconds(250), domain.Time, cancellation);
        }
    }
}
