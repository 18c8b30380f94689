using Actors.Isolation.Messages;
using Actors.Isolation.Remote;
using Actors.Isolation.Wire;
using Actors.Loading.Containment;
using Actors.Sdk;

namespace Actors.Loading.Processes;

/// <summary>An actor that runs in its plugin's process.</summary>
internal sealed class RemoteActor(string name, PluginProcess process) : IActor
{
    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var body = Call(domain) with { Request = Bodies.Of(request) };
        var reply = await process.CallAsync(Verb.Reach, body, domain, cancellation);
        // An actor that returns nothing is found out by the caller.
        return reply.Body.IsEmpty ? null! : Read(reply);
    }

    public Task ReleaseAsync(IDomain domain, CancellationToken cancellation) => process.CallAsync(Verb.Release, Call(domain), domain, cancellation);

    /// <summary>Disposes of all actors of the plugin, once.</summary>
    public ValueTask DisposeAsync() => process.DisposeActorsAsync();

    private CallBody Call(IDomain domain) => new(name, Bodies.Of(domain.Identity), Bodies.Offers(domain));

    private Outcome Read(Frame reply)
    {
        try
        {
            return Bodies.Outcome(Body.Read(reply, WireJson.Default.OutcomeBody));
        }
        catch (WireException error)
        {
            process.Kill($"it broke the protocol: {error.Message}");
            throw new ContainmentException($"the plugin's process broke the protocol: {error.Message}");
        }
    }
}
