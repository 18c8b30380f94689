using System.Globalization;
using Actors.Cli.CommandLine;
using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Cli.TargetWaits;

/// <summary>
/// Decides when the wait for a target has ended. The target matters, and not the run: a run that was already working on the same target, or
/// that someone else started, ends the wait as well. Pure.
/// </summary>
/// <param name="Target">The target that was written.</param>
/// <param name="Before">The state that was published before it was written; <see langword="null"/> if there was none.</param>
/// <param name="UntilFinal">Whether to wait for the outcome. Otherwise the first report of the target is enough.</param>
internal sealed record WaitRules(Kib Target, StateKey? Before, bool UntilFinal)
{
    private const int LongestTarget = 64;

    /// <summary>Returns how the wait has ended, or <see langword="null"/> while it continues.</summary>
    public WaitEnd? EndOf(WaitView view)
    {
        var state = view.State is { } published && IsNew(published) && (published.Final || !UntilFinal) ? view.State : null;
        if (state is not null && state.Target == Target)
            return EndedBy(state);
        if (view.Target is { } text)
        {
            if (!IsTarget(text))
                return new WaitEnd(WaitEnd.Superseded, null, $"another target replaced it: {Describe(text)}", ExitCode.Failed);
            // The state has no target if the actor is external, or if the daemon rejected the keys before it looked at the target.
            return state is { Target: null } ? EndedBy(state) : null;
        }
        return view.Exists
            ? new WaitEnd(WaitEnd.Removed, null, "someone removed memory-policy/target, so nothing works towards it any more", ExitCode.Failed)
            : new WaitEnd(WaitEnd.DomainGone, null, "the domain has ended", ExitCode.Failed);
    }

    /// <summary>Returns the end of a wait whose time is up.</summary>
    public WaitEnd TimeIsUp(StateKey? state, TimeSpan limit) => !UntilFinal
        ? new WaitEnd("written", null, $"no report within {Seconds(limit)}; 'actors list' shows the progress", ExitCode.Ok)
        : new WaitEnd(
            WaitEnd.Timeout, null,
            $"no outcome within {Seconds(limit)}{(state is { Final: false } ? $"; {state.Reason}" : "")}; 'actors list' shows the progress", ExitCode.Failed);

    // The outcome of an earlier run towards the same target says nothing about the one that the write has started.
    private bool IsNew(StateKey state) => Before is not { Final: true } before || state.Serial != before.Serial;

    private bool IsTarget(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var kib) && kib == Target.Value;

    private static WaitEnd EndedBy(StateKey state) => new(
        state.Outcome, state, state.Reason,
        state.Outcome is StateKey.Reached or StateKey.External or StateKey.Running ? ExitCode.Ok : ExitCode.Failed);

    private static string Describe(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var kib)
        ? $"{new Kib(kib)} ({kib} KiB)"
        : $"'{Printable.Of(text, LongestTarget)}'";

    private static string Seconds(TimeSpan limit) => string.Create(CultureInfo.InvariantCulture, $"{limit.TotalSeconds:0.#} s");
}
