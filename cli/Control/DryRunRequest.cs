namespace Actors.Cli.Control;

/// <summary>The request behind <c>actors policy explain</c>. The answer is a <see cref="Dispatch.DryRuns.DryRun"/>.</summary>
internal static class DryRunRequest
{
    public const string Verb = "policy explain";
}
