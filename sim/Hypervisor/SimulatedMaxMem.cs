using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Domains;

namespace Actors.Sim.Hypervisor;

/// <summary><c>XEN_DOMCTL_max_mem</c> of one domain.</summary>
internal sealed class SimulatedMaxMem(SimulatedDomain domain, SimulationClock clock) : IMaxMem
{
    public async ValueTask SetMaxMemAsync(Kib maxMem, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMem, Kib.Zero);
        await clock.CallAsync(() =>
        {
            if (domain.Gone.IsCancellationRequested)
                throw new DomainGoneException(domain.Domid);
            domain.SetMaxMem(maxMem);
            return domain.MaxPages;
        });
    }
}
