using Actors.Sdk;
using Actors.Sim.Machine;
using Actors.Sim.Specs;

namespace Actors.Sim.Domains;

/// <summary>
/// What a domain has claimed: memory that only it can allocate (domain_set_outstanding_pages in xen/common/page_alloc.c). A claim shrinks with each
/// page that the domain gets, and ends silently.
/// </summary>
internal sealed class DomainClaims(SimulatedDomain domain, MachineMemory machine, MemoryAccount account, ClaimRules rules)
{
    private const string Hypercall = "XENMEM_claim_pages";
    private const string SetHypercall = "XEN_DOMCTL_claim_memory";
    private const int OutOfMemory = 12;
    private const int Invalid = 22;
    private const int NotSupported = 95;

    /// <summary>What is claimed and not allocated yet.</summary>
    public Pages Outstanding => account.Outstanding;

    /// <summary>What is claimed anywhere.</summary>
    public Pages Anywhere => account.ClaimedAnywhere;

    /// <summary>What is claimed on a node.</summary>
    public Pages On(int node) => account.Nodes is { } nodes ? new Pages(nodes.Claimed(node)) : Pages.Zero;

    /// <summary>Claims memory until the domain has a size, or gives all claims back when the size is zero.</summary>
    /// <exception cref="HypervisorException">The claim is refused.</exception>
    public void Claim(Kib size)
    {
        var pages = size.ToPages();
        Allow(Hypercall);
        if (pages == Pages.Zero)
            machine.Unclaim(account);
        else if (Outstanding > Pages.Zero)
            throw new HypervisorException(Hypercall, Invalid, $"domain {domain.Domid} has a claim already");
        else if (pages <= domain.TotPages || pages > domain.MaxPages)
            throw new HypervisorException(Hypercall, Invalid,
                $"{size} is not between the {domain.TotPages.ToKib()} that domain {domain.Domid} has and its max_mem, {domain.MaxPages.ToKib()}");
        else if (!machine.TryClaim(account, pages - domain.TotPages))
            throw new HypervisorException(Hypercall, OutOfMemory,
                $"{(pages - domain.TotPages).ToKib()} more are needed, and {machine.AvailableTo(null).ToKib()} are free and not claimed");
    }

    /// <summary>Replaces all claims of the domain by a set at once, as was proposed for Xen in 2025; every amount is what is still to come.</summary>
    /// <exception cref="HypervisorException">The set is refused, and the old one stays.</exception>
    public void Replace(ClaimSet set)
    {
        Allow(SetHypercall);
        if (!rules.Sets)
            throw new HypervisorException(SetHypercall, NotSupported, "this Xen has no claims on nodes");
        if (domain.TotPages + set.Sum.ToPages() > domain.MaxPages)
            throw new HypervisorException(SetHypercall, Invalid,
                $"{set.Sum} more than the {domain.TotPages.ToKib()} that domain {domain.Domid} has is above its max_mem, {domain.MaxPages.ToKib()}");
        if (!machine.TryClaim(account, set.Anywhere.ToPages(), [.. set.OnNodes.Select(amount => amount.ToPages())]))
            throw new HypervisorException(SetHypercall, OutOfMemory, $"{set.Sum} are not free on these nodes and not claimed");
    }

    private void Allow(string hypercall)
    {
        if (rules.RefusedByColoring)
            throw new HypervisorException(hypercall, NotSupported, "Xen has no claims with coloured caches");
        if (rules.RefuseDying && domain.State == DomainState.Dying)
            throw new HypervisorException(hypercall, Invalid, $"domain {domain.Domid} is dying");
    }
}
