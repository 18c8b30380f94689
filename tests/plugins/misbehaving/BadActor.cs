using Actors.Sdk;

namespace Misbehaving;

/// <summary>Does one thing that nobody should do. The same plugin under another name is a plugin of its own.</summary>
internal abstract class BadActor : IActor
{
    public abstract Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation);

    public Task ReleaseAsync(IDomain domain, CancellationToken cancellation) => Task.CompletedTask;

    public ValueTask DisposeAsync() => default;

    protected static Outcome Spin()
    {
        while (true)
        {
        }
    }
}
