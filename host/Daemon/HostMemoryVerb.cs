using System.Text.Json;
using Actors.Cli.Control;
using Actors.Sdk;

namespace Actors.Host.Daemon;

/// <summary>The request with which <c>actors list</c> gets the host's memory.</summary>
internal sealed class HostMemoryVerb(IHypervisor hypervisor)
{
    public async Task<ControlAnswer> AnswerAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var memory = await hypervisor.GetHostMemoryAsync(cancellation);
        var totals = new HostTotals(memory.Total.Value, memory.Free.Value, memory.Claimed.Value, memory.Reserve.Value);
        return ControlAnswer.Ok(JsonSerializer.SerializeToElement(totals, HostTotalsJson.Default.HostTotals));
    }
}
