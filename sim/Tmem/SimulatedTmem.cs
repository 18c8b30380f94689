using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Domains;

namespace Actors.Sim.Tmem;

/// <summary>Manages the tmem pools of one domain, as dom0 does.</summary>
internal sealed class SimulatedTmem(SimulatedDomain domain, SimulationClock clock, WorldTrace trace) : ITmem
{
    private DomainPools Pools => domain.Tmem;

    public ValueTask<TmemPools> InspectAsync(CancellationToken cancellation = default) => CallAsync(() => Pools.Info);

    public async ValueTask FreezeAsync(CancellationToken cancellation = default) =>
        await SetAsync("frozen", () => Pools.Set(frozen: true, Pools.Cap, Pools.Weight));

    public async ValueTask ThawAsync(CancellationToken cancellation = default) =>
        await SetAsync("thawed", () => Pools.Set(frozen: false, Pools.Cap, Pools.Weight));

    public async ValueTask SetCapAsync(Kib? cap, CancellationToken cancellation = default) =>
        await SetAsync(cap is { } most ? $"capped at {most}" : "not capped", () => Pools.Set(Pools.Frozen, cap, Pools.Weight));

    public async ValueTask SetWeightAsync(int weight, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(weight);
        await SetAsync($"of weight {weight}", () => Pools.Set(Pools.Frozen, Pools.Cap, weight));
    }

    public ValueTask<Pages> FlushAsync(Pages most, CancellationToken cancellation = default) => CallAsync(() =>
    {
        var dropped = domain.DropTmem(most);
        trace.Write(domain, $"tmem drops {dropped.ToKib()}");
        return dropped;
    });

    private ValueTask<TmemPools> SetAsync(string how, Action set) => CallAsync(() =>
    {
        var before = Pools.Info;
        set();
        if (Pools.Info != before)
            trace.Write(domain, $"tmem is {how}");
        return Pools.Info;
    });

    private ValueTask<T> CallAsync<T>(Func<T> work) => clock.CallAsync(() =>
        domain.Gone.IsCancellationRequested ? throw new DomainGoneException(domain.Domid) : work());
}
