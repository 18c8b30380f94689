using Actors.Sdk;

namespace Actors.Host.Domains;

/// <summary>Hears what happens in a run while it happens.</summary>
internal interface IRunObserver
{
    static IRunObserver None { get; } = new Deaf();

    void Progressed(Progress progress);

    /// <summary>A step of a chain begins; it is told before the step touches anything.</summary>
    ValueTask StepBeginsAsync(int step, string actor, CancellationToken cancellation);

    void StepEnded(StepResult result);

    private sealed class Deaf : IRunObserver
    {
        public void Progressed(Progress progress)
        {
        }

        public ValueTask StepBeginsAsync(int step, string actor, CancellationToken cancellation) => default;

        public void StepEnded(StepResult result)
        {
        }
    }
}

/// <summary>What one step of a chain came to.</summary>
internal sealed record StepResult(int Step, string Actor, Outcome Outcome, TimeSpan Elapsed)
{
    /// <summary>Its condition was false, so it did not run; the outcome's reason says which.</summary>
    public bool Skipped { get; init; }
}
