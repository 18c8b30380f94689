using Actors.Dispatch.State;

namespace Actors.Cli.Presentation;

/// <summary>What outcomes mean to the reader.</summary>
internal static class Outcomes
{
    public const string Quarantined = "quarantined";

    public static Tone ToneOf(string? outcome) => outcome switch
    {
        StateKey.Failed or Quarantined or StateKey.Unable => Tone.Trouble,
        StateKey.Short or StateKey.Drifted => Tone.Warning,
        StateKey.Running => Tone.Active,
        StateKey.Reached => Tone.Plain,
        _ => Tone.Muted,
    };
}
