using Actors.Sdk;

namespace Actors.Dispatch.Domains;

/// <summary>Is notified of the events of a run while they happen.</summary>
internal interface IRunObserver
{
    static IRunObserver None { get; } = new NullObserver();

    void Progressed(Progress progress);

    /// <summary>Something in the run asked the hypervisor about the domain, and this was the reply.</summary>
    void Inspected(DomainInfo info);

    /// <summary>A step of a chain starts. This call completes before the step touches anything.</summary>
    ValueTask StepStartingAsync(int step, string actor, CancellationToken cancellation);

    void StepEnded(StepResult result);

    private sealed class NullObserver : IRunObserver
    {
        public void Progressed(Progress progress)
        {
        }

        public void Inspected(DomainInfo info)
        {
        }

        public ValueTask StepStartingAsync(int step, string actor, CancellationToken cancellation) => default;

        public void StepEnded(StepResult result)
        {
        }
    }
}
