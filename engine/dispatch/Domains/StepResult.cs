using Actors.Sdk;

namespace Actors.Dispatch.Domains;

/// <summary>The result of one step of a chain.</summary>
internal sealed record StepResult(int Step, string Actor, Outcome Outcome, TimeSpan Elapsed)
{
    /// <summary>The step did not run because its condition was false. The outcome's reason names the condition.</summary>
    public bool Skipped { get; init; }
}
