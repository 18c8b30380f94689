using Actors.Dispatch.State;

namespace Actors.Cli.Presentation;

/// <summary>What outcomes mean to the reader.</summary>
internal static class Outcomes
{
    /// <summary>The actor of an outcome, and the step of its chain.</summary>
    public static string By(string actor, int step) => step > 0 ? $"{actor} (step {step})" : actor;

    public static Tone ToneOf(string? outcome) => outcome switch
    {
        StateKey.Failed or StateKey.Quarantined or StateKey.Unable => Tone.Trouble,
        StateKey.Short or StateKey.Drifted => Tone.Warning,
        StateKey.Running => Tone.Active,
        StateKey.Reached => Tone.Plain,
        _ => Tone.Muted,
    };
}
