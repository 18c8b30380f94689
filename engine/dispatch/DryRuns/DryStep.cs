namespace Actors.Dispatch.DryRuns;

/// <summary>One step of a dry run.</summary>
internal sealed record DryStep(int Step, string Actor, string Verdict, double? TimeoutSeconds, double? StallSeconds, long? TargetKib, string Reason);
