using Actors.Sdk;

namespace Actors.Host.Tests.Loading.Containment;

/// <summary>An actor that does what a test says.</summary>
internal sealed class ScriptedActor(Func<IDomain, TargetRequest, CancellationToken, Task<Outcome>> reach) : IActor
{
    public Func<IDomain, CancellationToken, Task> Release { get; init; } = (_, _) => Task.CompletedTask;

    public Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation) => reach(domain, request, cancellation);

    public Task ReleaseAsync(IDomain domain, CancellationToken cancellation) => Release(domain, cancellation);

    public Func<ValueTask> End { get; init; } = () => default;

    public ValueTask DisposeAsync() => End();
}
