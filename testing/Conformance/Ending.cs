namespace Actors.Sdk.Testing;

/// <summary>How a run ended, and where the domain was then.</summary>
/// <param name="Outcome">What the actor said; <see langword="null"/> when it threw.</param>
/// <param name="Error">What it threw.</param>
/// <param name="Info">What the hypervisor said at that moment; <see langword="null"/> when the domain was gone.</param>
/// <param name="Target">Where it should have gone.</param>
/// <param name="Took">How long it took.</param>
internal sealed record Ending(Outcome? Outcome, Exception? Error, DomainInfo? Info, Kib Target, TimeSpan Took)
{
    private static readonly Kib Tolerance = new TargetRequest { Target = Kib.Zero }.Tolerance;

    public bool Near => Info is not null && (Info.Footprint - Target).Abs() <= Tolerance;

    public bool Unable => Outcome?.Kind == OutcomeKind.Unable;

    /// <summary>It must have ended with an outcome, and with one that is true.</summary>
    public Ending MustBeTrue()
    {
        if (Error is RuleBrokenException)
            throw Error;
        if (Error is not null)
            throw new RuleBrokenException($"it threw {Error.GetType().Name}: {Error.Message}", Error);
        MustHaveReason();
        if (Outcome!.Kind is OutcomeKind.Superseded or OutcomeKind.Quarantined)
            throw new RuleBrokenException($"it returned {Outcome.Kind}, which the host alone says; an actor says Reached, Short, Unable or Failed");
        if (Info is not null && (Outcome.Footprint - Info.Footprint).Abs() > Tolerance)
            throw new RuleBrokenException($"its outcome says that the footprint is {Outcome.Footprint}, and the hypervisor says {Info.Footprint}");
        if (Outcome.Kind == OutcomeKind.Reached && !Near)
            throw new RuleBrokenException($"it said Reached, with the footprint at {Info?.Footprint} and the target at {Target}: {Outcome.Reason}");
        return this;
    }

    public Ending MustHaveReason()
    {
        if (Outcome is not null && string.IsNullOrWhiteSpace(Outcome.Reason))
            throw new RuleBrokenException($"its outcome {Outcome.Kind} has no reason; say what was found, and what a person can do");
        if (Outcome is not null && Outcome.Reason.AsSpan().ContainsAny('\n', '\r'))
            throw new RuleBrokenException($"its reason has more than one line: {Outcome.Reason}");
        return this;
    }
}
