using Actors.Sdk;

namespace Actors.Dispatch.Domains;

/// <summary>Hears what happens in a run while it happens.</summary>
internal interface IRunObserver
{
    static IRunObserver None { get; } = new NullObserver();

    void Progressed(Progress progress);

    /// <summary>What the hypervisor said of the domain when somebody in the run asked.</summary>
    void Seen(DomainInfo info);

    /// <summary>A step of a chain begins; it is told before the step touches anything.</summary>
    ValueTask StepBeginsAsync(int step, string actor, CancellationToken cancellation);

    void StepEnded(StepResult result);

    private sealed class NullObserver : IRunObserver
    {
        public void Progressed(Progress progress)
        {
        }

        public void Seen(DomainInfo info)
        {
        }

        public ValueTask StepBeginsAsync(int step, string actor, CancellationToken cancellation) => default;

        public void StepEnded(StepResult result)
        {
        }
    }
}

/// <summary>Tells the steps of a policy that is itself a step, as <c>POLICY/ACTOR</c>, under the number of that step.</summary>
internal sealed class NestedPolicyObserver(IRunObserver outer, int step, string policy) : IRunObserver
{
    public void Progressed(Progress progress) => outer.Progressed(progress);

    public void Seen(DomainInfo info) => outer.Seen(info);

    public ValueTask StepBeginsAsync(int inner, string actor, CancellationToken cancellation) =>
        outer.StepBeginsAsync(step, $"{policy}/{actor}", cancellation);

    public void StepEnded(StepResult result) => outer.StepEnded(result with { Step = step, Actor = $"{policy}/{result.Actor}" });
}

/// <summary>The names of steps, as they are told.</summary>
internal static class StepNames
{
    /// <summary>Those that did something themselves: a policy that was a step is told after its own steps, and is left out.</summary>
    public static IReadOnlyList<string> Leaves(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return [.. all.Where((name, index) => !all.Take(index).Any(inner => inner.StartsWith(name + "/", StringComparison.Ordinal)))];
    }
}

/// <summary>What one step of a chain came to.</summary>
internal sealed record StepResult(int Step, string Actor, Outcome Outcome, TimeSpan Elapsed)
{
    /// <summary>Its condition was false, so it did not run; the outcome's reason says which.</summary>
    public bool Skipped { get; init; }
}
