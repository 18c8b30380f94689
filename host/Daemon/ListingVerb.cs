using System.Text.Json;
using Actors.Cli.Control;
using Actors.Sdk;

namespace Actors.Host.Daemon;

/// <summary>The request with which <c>actors record</c> takes a sample: one listing of all domains, and the host's memory.</summary>
internal sealed class ListingVerb(IHypervisor hypervisor)
{
    /// <summary>The listing of a hypervisor.</summary>
    public static async Task<HostListing> ListAsync(IHypervisor hypervisor, CancellationToken cancellation)
    {
        var domains = await hypervisor.ListDomainsAsync(cancellation);
        var memory = await hypervisor.GetHostMemoryAsync(cancellation);
        return new HostListing(memory.Total.Value, memory.Free.Value,
        [
            .. domains.Select(info => new ListedDomain(
                info.Domid, info.Uuid, info.Kind.ToString(), info.State.ToString(), info.Footprint.Value, info.MaxMem.Value, info.PagedPages.ToKib().Value)),
        ]);
    }

    public async Task<ControlAnswer> AnswerAsync(IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        ControlAnswer.Ok(JsonSerializer.SerializeToElement(await ListAsync(hypervisor, cancellation), HostListingJson.Default.HostListing));
}
