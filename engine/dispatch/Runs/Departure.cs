using Actors.Dispatch.Calls;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;

namespace Actors.Dispatch.Runs;

/// <summary>Releases a domain from its engaged actors, the last one first.</summary>
internal static class Departure
{
    public static async Task ReleaseAsync(HostDomain domain, ActorDirectory directory, CancellationToken cancellation)
    {
        foreach (var actor in domain.Engaged.Actors.Reverse())
        {
            if (directory.FindActor(actor) is { } entry)
                await ActorCall.ReleaseAsync(entry, new RunContext(domain, IRunObserver.None), cancellation);
            domain.Engaged.Remove(actor);
        }
    }
}
