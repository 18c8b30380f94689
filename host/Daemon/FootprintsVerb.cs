using System.Text.Json;
using Actors.Cli.Control;
using Actors.Sdk;

namespace Actors.Host.Daemon;

/// <summary>The request with which <c>actors list</c> gets the current footprints of all domains: one listing, and no request per domain.</summary>
internal sealed class FootprintsVerb(IHypervisor hypervisor)
{
    public async Task<ControlAnswer> AnswerAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        IReadOnlyList<CurrentFootprint> footprints =
            [.. (await hypervisor.ListDomainsAsync(cancellation)).Select(Of)];
        return ControlAnswer.Ok(JsonSerializer.SerializeToElement(footprints, FootprintJson.Default.IReadOnlyListCurrentFootprint));
    }

    private static CurrentFootprint Of(DomainInfo info) =>
        new(info.Domid, info.Footprint.Value, info.Superpages, info.Populated.Value / Kib.FromMiB(2).Value);
}
