using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Guests;
using Actors.Sim.Hypervisor;
using Actors.Sim.Memory;
using Actors.Sim.Specs;

namespace Actors.Sim.Toolstacks;

/// <summary>Fills new domains with memory over time, and claims the memory for them first.</summary>
internal sealed class DomainFill(SimulatedHost host)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly List<MaxMemClaim> _claims = [];

    public ClaimLog Log { get; } = new();

    /// <summary>Keeps memory for a domain that does not exist yet.</summary>
    /// <returns>What is kept, if the toolstack keeps it itself.</returns>
    /// <exception cref="HypervisorException">There is not enough.</exception>
    public async Task<MaxMemClaim?> BeginAsync(Kib footprint, ClaimBy claimBy)
    {
        if (claimBy == ClaimBy.Hypervisor)
            return null;
        if (claimBy == ClaimBy.Toolstack)
        {
            var claim = await MaxMemClaim.TryAsync(host, footprint.ToPages(), () => _claims.Aggregate(Pages.Zero, (sum, other) => sum + other.Rest), Log)
                ?? throw new InvalidOperationException($"The toolstack cannot keep {footprint} free.");
            _claims.Add(claim);
            return claim;
        }
        // xl looks at free memory only: it does not subtract what is claimed.
        if (host.FreePages < footprint.ToPages())
        {
            Log.Refused++;
            throw new InvalidOperationException($"{footprint} are needed, and {host.FreePages.ToKib()} are free.");
        }
        return null;
    }

    /// <summary>Claims the memory of a domain that has just been built, if the hypervisor keeps it.</summary>
    /// <exception cref="HypervisorException">There is not enough.</exception>
    public void Claim(SimulatedDomain domain, Kib footprint, ClaimBy claimBy)
    {
        if (claimBy != ClaimBy.Hypervisor)
            return;
        try
        {
            domain.Claims.Claim(footprint);
            Log.Granted++;
        }
        catch (HypervisorException)
        {
            Log.Refused++;
            throw;
        }
    }

    /// <summary>Fills a domain up to a footprint. Returns whether it got all of that.</summary>
    /// <exception cref="DomainGoneException">The domain was destroyed meanwhile.</exception>
    public async Task<bool> FillAsync(SimulatedDomain domain, Kib footprint, BuildSpec build, MaxMemClaim? kept)
    {
        if (domain.Memory.Mappings is not null)
            domain.Memory.OrderBalloon(new SuperpageOrder());
        while (domain.TotPages < footprint.ToPages())
        {
            await Task.Delay(Step, host.Clock);
            if (domain.Gone.IsCancellationRequested)
                throw new DomainGoneException(domain.Domid);
            for (var left = Pages.Min(Pages.Max(new Pages(1), build.Rate.Within(Step)), footprint.ToPages() - domain.TotPages); left > Pages.Zero;)
            {
                var got = domain.Populate(Pages.Min(left, BalloonRules.LargestBatch));
                left -= got;
                if (kept is not null)
                    kept.Rest = Pages.Max(Pages.Zero, kept.Rest - got);
                if (got > Pages.Zero)
                    continue;
                Log.BuildsFailed++;
                return false;
            }
        }
        return true;
    }

    /// <summary>Ends what was kept for a domain.</summary>
    public void End(SimulatedDomain? domain, MaxMemClaim? kept)
    {
        if (domain is { Gone.IsCancellationRequested: false, State: not DomainState.Dying } && domain.Claims.Outstanding > Pages.Zero)
            domain.Claims.Claim(Kib.Zero);
        if (kept is null)
            return;
        _claims.Remove(kept);
        kept.Release();
    }
}
