using System.Globalization;
using Actors.Dispatch.DryRuns;
using Actors.Dispatch.Registry;
using Actors.Dispatch.State;
using Actors.Sdk;

namespace Actors.Cli.TargetWaits;

/// <summary>
/// The progress of one target, from the states that were published so far: where it stands, how fast it moves, how long the rest will
/// take, and what comes next. Immutable.
/// </summary>
/// <param name="Target">The target.</param>
/// <param name="Steps">The steps of the plan; empty if it is not known.</param>
internal sealed record WaitProgress(Kib Target, IReadOnlyList<DryStep> Steps)
{
    // The rate is measured over the last states only, because a step may be faster or slower than the one before it.
    private static readonly TimeSpan RateOver = TimeSpan.FromSeconds(10);

    private IReadOnlyList<(DateTimeOffset At, Kib Footprint)> _moves = [];
    private StateKey? _state;
    private TimeSpan? _stepSince;

    /// <summary>Adds a published state.</summary>
    /// <param name="state">The state; <see langword="null"/> while there is none.</param>
    /// <param name="elapsed">The time since the target was written.</param>
    public WaitProgress Observe(StateKey? state, TimeSpan elapsed)
    {
        if (state is null || state.Target != Target || state.Final)
            return this;
        // When the wait begins in the middle of a step, the start of that step is not known.
        var began = _state is null ? state.Step <= 1 && elapsed < TimeSpan.FromSeconds(1) ? TimeSpan.Zero : (TimeSpan?)null
            : _state.Step == state.Step ? _stepSince : elapsed;
        var moves = state.Footprint is not { } footprint || state.Since == _state?.Since
            ? _moves
            : [.. _moves.Where(move => state.Since - move.At <= RateOver), (state.Since, footprint)];
        return this with { _moves = moves, _state = state, _stepSince = began };
    }

    /// <summary>The progress in one line.</summary>
    /// <param name="elapsed">The time since the target was written.</param>
    public string Describe(TimeSpan elapsed)
    {
        if (_state is not { } state)
            return $"target {Target}: waiting for the daemon, {Seconds(elapsed)}";
        var step = state.Step > 0 && Steps.Count > 1 ? $" (step {state.Step} of {Steps.Max(each => each.Step)})" : "";
        return $"{state.Footprint?.ToString() ?? "?"} → {Target}: {Speed(state)}; {state.Actor}{step}{Next(state, elapsed)}";
    }

    private string Speed(StateKey state)
    {
        if (_moves.Count < 2)
            return "measuring";
        var seconds = (_moves[^1].At - _moves[0].At).TotalSeconds;
        var perSecond = (_moves[^1].Footprint - _moves[0].Footprint).Value / seconds;
        var rest = (Target - state.Footprint!.Value).Value;
        if (Math.Abs(perSecond) < 1)
            return "not moving";
        var rate = $"{new Kib((long)Math.Abs(perSecond))}/s";
        return Math.Sign(perSecond) != Math.Sign(rest) && rest != 0
            ? $"{rate} away from the target"
            : $"{rate}, about {Seconds(TimeSpan.FromSeconds(rest / perSecond))} left";
    }

    private string Next(StateKey state, TimeSpan elapsed)
    {
        if (Steps.FirstOrDefault(step => step.Step > state.Step && step.Verdict == StepPreview.Tries) is not { } next || state.Step == 0)
            return "";
        var limit = Steps.FirstOrDefault(step => step.Step == state.Step)?.TimeoutSeconds;
        return limit is { } seconds && _stepSince is { } since
            ? $", then {next.Actor} in {Seconds(TimeSpan.FromSeconds(Math.Max(0, seconds)) - (elapsed - since))}"
            : $", then {next.Actor}";
    }

    private static string Seconds(TimeSpan time)
    {
        var seconds = (long)Math.Ceiling(Math.Clamp(time.TotalSeconds, 0, TimeSpan.FromDays(30).TotalSeconds));
        return seconds switch
        {
            < 120 => $"{seconds} s",
            < 7200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60} min"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600} h"),
        };
    }
}
