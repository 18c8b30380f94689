using Actors.Sdk;

namespace Actors.VendorPlugin;

/// <summary>Uses one part of the contract, which the argument chooses, and reports the result as its reason.</summary>
[Actor("vendor")]
internal sealed class VendorActor : IActor
{
    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var words = request.Argument.Split(' ');
        var reason = words[0] switch
        {
            "mechanisms" => string.Join("; ", WhyNot<IMaxMem>(domain), WhyNot<IPaging>(domain), WhyNot<ISharing>(domain), WhyNot<ITmem>(domain)),
            "host" => (await domain.InspectHostAsync(cancellation))?.Available.ToString() ?? "unknown",
            "request" => (await domain.RequestHostMemoryAsync(Kib.FromMiB(1), cancellation))?.Amount.ToString() ?? "unknown",
            "read" => await domain.Store.ReadAsync(words[1], cancellation) ?? "absent",
            "write" => await WriteAsync(domain, words[1], cancellation),
            _ => "nothing",
        };
        return Outcome.Short((await domain.InspectAsync(cancellation)).Footprint, reason);
    }

    public Task ReleaseAsync(IDomain domain, CancellationToken cancellation) => Task.CompletedTask;

    public ValueTask DisposeAsync() => default;

    private static string WhyNot<TMechanism>(IDomain domain) where TMechanism : class =>
        domain.GetMechanism<TMechanism>() is { Available: false } offer ? offer.WhyNot : $"{typeof(TMechanism).Name} is available";

    private static async Task<string> WriteAsync(IDomain domain, string path, CancellationToken cancellation)
    {
        await domain.Store.WriteAsync(path, "x", cancellation);
        return "written";
    }
}
