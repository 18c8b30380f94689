namespace Actors.Sdk.Testing;

/// <summary>How a run ended, and the state of the domain at that moment.</summary>
/// <param name="Outcome">The outcome that the actor returned; <see langword="null"/> if it threw an exception.</param>
/// <param name="Error">The exception that the actor threw.</param>
/// <param name="Info">What the hypervisor reported at that moment; <see langword="null"/> if the domain no longer existed.</param>
/// <param name="Target">The requested target.</param>
/// <param name="Took">How long the run took.</param>
internal sealed record RunResult(Outcome? Outcome, Exception? Error, DomainInfo? Info, Kib Target, TimeSpan Took)
{
    public static readonly Kib Tolerance = new TargetRequest { Target = Kib.Zero }.Tolerance;

    public bool Near => Info is not null && (Info.Footprint - Target).Abs() <= Tolerance;

    public bool Unable => Outcome?.Kind == OutcomeKind.Unable;

    /// <summary>Checks that the run ended with an outcome, and that the outcome is true.</summary>
    public RunResult MustBeTrue()
    {
        if (Error is RuleBrokenException)
            throw Error;
        if (Error is not null)
            throw new RuleBrokenException($"it threw {Error.GetType().Name}: {Error.Message}", Error);
        MustHaveReason();
        if (Outcome!.Kind is OutcomeKind.Superseded or OutcomeKind.Quarantined)
            throw new RuleBrokenException($"it returned {Outcome.Kind}, which only the host uses; an actor returns Reached, Short, Unable or Failed");
        if (Info is not null && (Outcome.Footprint - Info.Footprint).Abs() > Tolerance)
            throw new RuleBrokenException($"its outcome has a footprint of {Outcome.Footprint}, but the hypervisor reports {Info.Footprint}");
        if (Outcome.Kind == OutcomeKind.Reached && !Near)
            throw new RuleBrokenException($"it returned Reached with the footprint at {Info?.Footprint} and the target at {Target}: {Outcome.Reason}");
        return this;
    }

    public RunResult MustHaveReason()
    {
        if (Outcome is not null && string.IsNullOrWhiteSpace(Outcome.Reason))
            throw new RuleBrokenException($"its outcome {Outcome.Kind} has no reason; write what the actor found and what an operator can do");
        if (Outcome is not null && Outcome.Reason.AsSpan().ContainsAny('\n', '\r'))
            throw new RuleBrokenException($"the reason of its outcome has more than one line: {Outcome.Reason}");
        return this;
    }
}
