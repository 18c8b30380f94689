using Actors.Dispatch.Registry;

namespace Actors.Dispatch.DryRuns;

/// <summary>What a policy would do with a target: a plan, a refusal, or an error.</summary>
internal sealed record ShadowChoice(RunPreview Plan, string? Refusal = null, string? Fault = null)
{
    private static readonly RunPreview Nothing = new([], []);

    public static ShadowChoice Refuses(string reason) => new(Nothing, Refusal: reason);

    public static ShadowChoice Failed(string reason) => new(Nothing, Fault: reason);
}
