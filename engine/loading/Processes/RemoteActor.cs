using Actors.Isolation.Messages;
using Actors.Isolation.Remote;
using Actors.Isolation.Wire;
using Actors.Sdk;

namespace Actors.Loading.Processes;

/// <summary>An actor that runs in its plugin's process, in whichever one serves.</summary>
internal sealed class RemoteActor(string name, ProcessPlugin plugin) : IActor
{
    // An actor that returns no outcome is found out by the caller.
    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation) =>
        (await CallAsync(Verb.Reach, domain, Bodies.Of(request), cancellation))!;

    public Task ReleaseAsync(IDomain domain, CancellationToken cancellation) => CallAsync(Verb.Release, domain, null, cancellation);

    /// <summary>Disposes of all actors of the plugin, once.</summary>
    public ValueTask DisposeAsync() => plugin.DisposeActorsAsync();

    private async Task<Outcome?> CallAsync(Verb verb, IDomain domain, RequestBody? request, CancellationToken cancellation)
    {
        var process = await plugin.ServingAsync(cancellation);
        var body = new CallBody(name, Bodies.Of(domain.Identity), Bodies.Offers(domain)) { Request = request };
        return await process.CallAsync(verb, body, domain, cancellation);
    }
}
