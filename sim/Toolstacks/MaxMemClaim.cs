using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Hypervisor;

namespace Actors.Sim.Toolstacks;

/// <summary>
/// A claim without the hypervisor's help, as it was proposed on xen-devel in 2013: the toolstack freezes tmem, reads the size of every domain, divides
/// what is left above the claim among them as room to grow, lowers max_mem of each to that, and reads all sizes again. If one has outgrown its max_mem
/// meanwhile, everything is rolled back. Each domain takes a step, and domains grow in between.
/// </summary>
internal sealed class MaxMemClaim
{
    private const int Dom0 = 0;

    private readonly SimulatedHost _host;
    private readonly List<Lowered> _domains = [];

    private MaxMemClaim(SimulatedHost host, Pages amount) => (_host, Rest) = (host, amount);

    /// <summary>What the domain for which the memory is kept has not got yet.</summary>
    public Pages Rest { get; set; }

    /// <summary>Tries to keep an amount free.</summary>
    /// <param name="host">The host.</param>
    /// <param name="amount">The amount.</param>
    /// <param name="kept">What the toolstack keeps free for others already.</param>
    /// <param name="log">Counts what happened.</param>
    /// <returns>The claim; <see langword="null"/> if it fails.</returns>
    public static async Task<MaxMemClaim?> TryAsync(SimulatedHost host, Pages amount, Func<Pages> kept, ClaimLog log)
    {
        var claim = new MaxMemClaim(host, amount);
        var room = await claim.ReadAsync(kept);
        if (room < Pages.Zero)
        {
            log.Refused++;
            claim.Release();
            return null;
        }
        await claim.LowerAsync(room);
        var outgrown = await claim.CountOutgrownAsync();
        if (outgrown == 0)
        {
            log.Granted++;
            return claim;
        }
        log.Races += outgrown;
        log.Refused++;
        if (host.UnclaimedPages - kept() >= amount)
            log.FalseNegatives++;
        claim.Release();
        return null;
    }

    /// <summary>Restores max_mem of all domains, except where something else has changed it, and thaws tmem.</summary>
    public void Release()
    {
        foreach (var (domain, before, lowered, thaw) in _domains)
        {
            if (domain.Gone.IsCancellationRequested)
                continue;
            if (domain.MaxPages == lowered)
                domain.SetMaxMem(before.ToKib());
            if (thaw)
                Freeze(domain, frozen: false);
        }
    }

    /// <summary>Reads the sizes of all domains one after the other, and returns how much they may grow together.</summary>
    private async Task<Pages> ReadAsync(Func<Pages> kept)
    {
        var room = _host.UnclaimedPages - kept() - Rest;
        foreach (var domain in _host.Domains.Where(domain => domain.Domid != Dom0).ToList())
        {
            var thaw = domain.Tmem is { Used: true, Frozen: false };
            if (thaw)
                Freeze(domain, frozen: true);
            _domains.Add(new Lowered(domain, domain.MaxPages, domain.TotPages, thaw));
            await StepAsync();
        }
        return room;
    }

    private async Task LowerAsync(Pages room)
    {
        var share = new Pages(_domains.Count == 0 ? 0 : room.Value / _domains.Count);
        for (var index = 0; index < _domains.Count; index++)
        {
            var (domain, _, read, thaw) = _domains[index];
            if (!domain.Gone.IsCancellationRequested)
            {
                var before = domain.MaxPages;
                var lowered = Pages.Min(before, read + share);
                domain.SetMaxMem(lowered.ToKib());
                _domains[index] = new Lowered(domain, before, lowered, thaw);
            }
            await StepAsync();
        }
    }

    private async Task<int> CountOutgrownAsync()
    {
        var outgrown = 0;
        foreach (var (domain, _, lowered, _) in _domains)
        {
            if (!domain.Gone.IsCancellationRequested && domain.TotPages > lowered)
                outgrown++;
            await StepAsync();
        }
        return outgrown;
    }

    private Task StepAsync() => Task.Delay(_host.Spec.ToolstackStep, _host.Clock);

    private static void Freeze(SimulatedDomain domain, bool frozen) => domain.Tmem.Set(frozen, domain.Tmem.Cap, domain.Tmem.Weight);

    /// <summary>A domain, its max_mem before and now (its size, until its max_mem is lowered), and whether its tmem must be thawed.</summary>
    private readonly record struct Lowered(SimulatedDomain Domain, Pages Before, Pages Now, bool Thaw);
}
