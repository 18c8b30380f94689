using System.Globalization;
using Actors.Sdk;

namespace Actors.Meter;

/// <summary>Does what every actor does, and nothing else: it inspects its domain, writes a key and returns.</summary>
[Actor("meter")]
internal class MeterActor : IActor
{
    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var footprint = (await domain.InspectAsync(cancellation)).Footprint;
        await domain.Store.WriteAsync("data/served", request.Target.Value.ToString(CultureInfo.InvariantCulture), cancellation);
        return Outcome.Short(footprint, "");
    }

    public Task ReleaseAsync(IDomain domain, CancellationToken cancellation) => Task.CompletedTask;

    public ValueTask DisposeAsync() => default;
}

/// <summary>The same in a second plugin, so that several processes serve at once.</summary>
[Actor("meter2")]
internal sealed class SecondMeterActor : MeterActor;

/// <summary>The same in a third plugin.</summary>
[Actor("meter3")]
internal sealed class ThirdMeterActor : MeterActor;

/// <summary>The same in a fourth plugin.</summary>
[Actor("meter4")]
internal sealed class FourthMeterActor : MeterActor;
