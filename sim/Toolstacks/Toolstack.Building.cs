using Actors.Sdk;
using Actors.Sim.Domains;
using Actors.Sim.Specs;
using Actors.XenStore;

namespace Actors.Sim.Toolstacks;

/// <content>The part that fills domains over time, claims memory for them, sends them to other hosts, and changes the machine's memory.</content>
internal sealed partial class Toolstack
{
    /// <summary>
    /// Fills a domain over time, and boots it then, or lets it continue when it arrives from another host. It is destroyed if the memory ends before.
    /// </summary>
    /// <exception cref="HypervisorException">The hypervisor refuses to build it or to claim its memory.</exception>
    /// <exception cref="InvalidOperationException">The toolstack has no memory for it.</exception>
    public Task FillAsync(DomainSpec spec, BuildSpec build) => host.Clock.CallAsync(async () =>
    {
        var footprint = build.Arrives ?? spec.Memory;
        var maxPages = build.Arrives is { } arrives ? (arrives + DomainSpec.MaxMemSlack).ToPages() : DomainSize.AsBuilt(spec).MaxPages;
        SimulatedDomain? domain = null;
        var kept = await _fill.BeginAsync(footprint, build.ClaimBy);
        try
        {
            (domain, var store) = await BuildAsync(host.Build(spec, new DomainSize(Pages.Zero, Pages.Zero, maxPages)), footprint - spec.Offset);
            host.Trace.Write(domain, build.Arrives is null ? $"is being built: {spec.Kind}, {spec.Memory}" : $"arrives with {footprint}");
            _fill.Claim(domain, footprint, build.ClaimBy);
            if (!await _fill.FillAsync(domain, footprint, build, kept))
                throw new InvalidOperationException($"{spec.Name} got only {domain.Info.Footprint} of {footprint}.");
            if (build.Arrives is null)
                host.Clock.Spawn(cancellation => BootAsync(domain, store, cancellation), domain.Gone);
            else
                Continue(domain, store);
        }
        catch (Exception error) when (error is HypervisorException or InvalidOperationException && domain is not null)
        {
            await DestroyAsync(domain.Domid);
            throw;
        }
        finally
        {
            _fill.End(domain, kept);
        }
    });

    /// <summary>Sends a domain to another host. It holds its memory here until all of it is there.</summary>
    public Task LeaveAsync(int domid) => host.Clock.CallAsync(async () =>
    {
        var domain = Get(domid);
        if (domain.State != DomainState.Running)
            throw new InvalidOperationException($"Domain {domid} is {domain.State}, so it cannot be migrated.");
        host.Trace.Write(domain, "is leaving for another host");
        await Task.Delay(host.Spec.MigrationRate.TimeFor(domain.TotPages), host.Clock);
        if (domain.Gone.IsCancellationRequested)
            throw new DomainGoneException(domid);
        await DestroyAsync(domid);
    });

    /// <summary>Adds memory to the machine, or takes some offline.</summary>
    public Task ResizeHostAsync(Kib change) => host.Clock.CallAsync(() =>
    {
        host.Resize(change);
        return Task.CompletedTask;
    });

    /// <summary>Claims memory for a domain up to a size, as libxl does before it fills a domain; zero gives the claim back.</summary>
    /// <exception cref="HypervisorException">The claim is refused.</exception>
    public Task ClaimAsync(int domid, Kib size) => host.Clock.CallAsync(() =>
    {
        var domain = Get(domid);
        domain.Claims.Claim(size);
        host.Trace.Write(domain, size == Kib.Zero ? "claims nothing any more" : $"claims memory up to {size}");
        return Task.CompletedTask;
    });

    /// <summary>Replaces all claims of the domain by a set.</summary>
    /// <exception cref="HypervisorException">The set is refused.</exception>
    public Task ClaimAsync(int domid, ClaimSet set) => host.Clock.CallAsync(() =>
    {
        var domain = Get(domid);
        domain.Claims.Replace(set);
        host.Trace.Write(domain, $"claims {set}");
        return Task.CompletedTask;
    });

    /// <summary>Freezes or thaws the domain's tmem pools.</summary>
    public async Task FreezeTmemAsync(int domid, bool frozen)
    {
        var offer = host.GetMechanism<ITmem>(domid);
        if (offer.Mechanism is not { } tmem)
            throw new InvalidOperationException($"Domain {domid} has no tmem to freeze: {offer.WhyNot}.");
        await (frozen ? tmem.FreezeAsync() : tmem.ThawAsync());
    }

    /// <summary>A domain that was running on another host continues here.</summary>
    private void Continue(SimulatedDomain domain, IXenStore store)
    {
        domain.SetState(DomainState.Running);
        Run(domain, store, host.Clock.Elapsed);
        host.Trace.Write(domain, "has arrived and is running");
    }
}
