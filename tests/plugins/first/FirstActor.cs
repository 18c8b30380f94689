using Actors.Sdk;

namespace Actors.FirstPlugin;

/// <summary>Uses what contract 1.0 had, through classes of its own that implement the contract's interfaces.</summary>
[Actor("first")]
internal sealed class FirstActor : IActor
{
    private const string Note = "memory-policy/first/note";

    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var own = new LoggingDomain(domain);
        var info = await own.InspectAsync(cancellation);
        var offer = own.GetMechanism<IMaxMem>();
        if (!offer.Available)
            return Outcome.Unable(info.Footprint, offer.WhyNot);
        await offer.Mechanism.SetMaxMemAsync(request.Target, cancellation);
        await own.Store.WriteAsync(Note, request.Argument, cancellation);
        own.Report(new Progress(info.Footprint, "the note is written"));
        var (value, names) = (await own.Store.ReadAsync(Note, cancellation), await own.Store.ListAsync("memory-policy/first", cancellation));
        await own.Store.RemoveAsync(Note, cancellation);
        return Outcome.Short(info.Footprint, $"{domain.Identity.Name}: {string.Join(',', names)}={value}, {request.Target}");
    }

    public Task ReleaseAsync(IDomain domain, CancellationToken cancellation) => Task.CompletedTask;

    public ValueTask DisposeAsync() => default;
}
