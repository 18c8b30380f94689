using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Hypervisor;
using Actors.Sim.Scenarios;
using Actors.Sim.Toolstacks;

namespace Actors.Sim.Persistence;

/// <summary>Restores an earlier machine's store and domains on a new host.</summary>
internal static class MachineRestore
{
    public static async Task RestoreAsync(MachineImage earlier, Scenario scenario, SimulatedHost host, ScenarioRun run)
    {
        host.SkipDomids(earlier.Moment.LastDomid);
        await StoreRestore.PutBackAsync(earlier, host.Connect, host.DomainZero);
        foreach (var domain in earlier.Domains)
            await run.Toolstack.RestoreAsync(scenario.Find(domain.Name)!, Earlier(domain, run.Began));
    }

    private static EarlierDomain Earlier(DomainEntry entry, TimeSpan began) => new(
        entry.Domid, entry.Uuid, entry.State,
        new DomainSize(new Pages(entry.Populated), new Pages(entry.PagedOut), new Pages(entry.MaxPages), new Pages(entry.TmemPersistent),
            new Pages(entry.Discarded)),
        entry.Paging, began + entry.Booted, entry.TmemFrozen, entry.TmemCap is { } cap ? new Kib(cap) : null, entry.TmemWeight);
}
