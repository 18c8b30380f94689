namespace Actors.Sdk.Testing;

/// <summary>Rules for runs that are cancelled.</summary>
internal static class CancellingRules
{
    private static readonly Kib Other = Kib.FromMiB(768);

    public static IReadOnlyList<ActorRule> All { get; } =
    [
        new("When it is cancelled, it stops within 5 s and throws OperationCanceledException",
            "a newer target has to wait for it; an actor that does not stop is abandoned, and that counts as a fault", async context =>
            {
                var domain = await context.DomainAsync();
                await CancelAsync(context, domain);
            }),
        new("When it is cancelled, it stays engaged and undoes nothing",
            "a newer target follows immediately, and memory that comes back in between must be taken a second time", async context =>
            {
                var domain = await context.DomainAsync();
                var before = await CancelAsync(context, domain);
                await context.WaitAsync(RuleContext.CancelLimit);
                if (domain.RuleDomain.Info!.Footprint is var after && after > before + RunResult.Tolerance)
                    throw new RuleBrokenException($"after the cancellation the footprint rose from {before} to {after}: what it has started must stay until ReleaseAsync");
            }),
        new("When it is superseded during a run, it follows the new target",
            "toolstacks change targets at any time, and the newest target counts", async context =>
            {
                var domain = await context.DomainAsync();
                await CancelAsync(context, domain);
                (await context.ReachAsync(domain, Other)).MustBeTrue();
            }),
        new("When it is called with a cancelled token, it moves nothing",
            "a burst of targets should cost one run, not one run for each target", async context =>
            {
                var domain = await context.DomainAsync();
                var result = await context.EndAsync(domain, RuleContext.Half, context.Begin(domain, RuleContext.Half, new CancellationToken(true)), RuleContext.CancelLimit);
                if (result.Outcome is { Kind: not OutcomeKind.Unable })
                    throw new RuleBrokenException($"it returned {result.Outcome.Kind} instead of throwing OperationCanceledException");
                MustBeCancelled(result);
                if (result.Info!.Footprint != RuleContext.Memory)
                    throw new RuleBrokenException($"the footprint moved to {result.Info.Footprint}");
            }),
    ];

    /// <summary>Starts to move a domain, and cancels the run before it ends.</summary>
    /// <returns>The footprint just before the cancellation.</returns>
    public static async Task<Kib> CancelAsync(RuleContext context, RecordingDomain domain)
    {
        using var cancel = new CancellationTokenSource();
        var run = context.Begin(domain, RuleContext.Half, cancel.Token);
        await context.WaitAsync(RuleContext.InFlight);
        if (run.IsCompletedSuccessfully)
            throw new RuleNotApplicableException($"it ended before it could be cancelled: {run.Result.Reason}");
        var footprint = domain.RuleDomain.Info!.Footprint;
        cancel.Cancel();
        MustBeCancelled(await context.EndAsync(domain, RuleContext.Half, run, RuleContext.CancelLimit));
        return footprint;
    }

    private static void MustBeCancelled(RunResult result)
    {
        if (result.Error is { } error and not OperationCanceledException)
            throw new RuleBrokenException($"it threw {error.GetType().Name} instead of OperationCanceledException: {error.Message}", error);
        if (result.Outcome is { Kind: not (OutcomeKind.Unable or OutcomeKind.Reached) } outcome)
            throw new RuleBrokenException($"it returned {outcome.Kind} instead of throwing OperationCanceledException: {outcome.Reason}");
    }
}
