using Actors.Sdk;

namespace Actors.Dispatch.Domains;

/// <summary>Reports the steps of a policy that is itself a step as <c>POLICY/ACTOR</c>, under the number of that step.</summary>
internal sealed class NestedPolicyObserver(IRunObserver outer, int step, string policy) : IRunObserver
{
    public void Progressed(Progress progress) => outer.Progressed(progress);

    public void Inspected(DomainInfo info) => outer.Inspected(info);

    public ValueTask StepStartingAsync(int inner, string actor, CancellationToken cancellation) =>
        outer.StepStartingAsync(step, $"{policy}/{actor}", cancellation);

    public void StepEnded(StepResult result) => outer.StepEnded(result with { Step = step, Actor = $"{policy}/{result.Actor}" });
}
