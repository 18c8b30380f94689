namespace Actors.Sdk.Testing;

/// <summary>What becomes of a run that nobody wants any more.</summary>
internal static class CancellingRules
{
    private static readonly Kib Other = Kib.FromMiB(768);

    public static IReadOnlyList<ActorRule> All { get; } =
    [
        new("Cancelled, it stops within the grace of 5 s and throws OperationCanceledException",
            "a newer target waits for it; one that goes on is left behind, and counts as a fault", async scene =>
            {
                var domain = await scene.DomainAsync();
                await CancelAsync(scene, domain);
            }),
        new("Superseded in mid-flight, it follows the new target",
            "toolstacks change their minds: the newest wish wins", async scene =>
            {
                var domain = await scene.DomainAsync();
                await CancelAsync(scene, domain);
                (await scene.ReachAsync(domain, Other)).MustBeTrue();
            }),
        new("Asked when it is cancelled already, it moves nothing",
            "a burst of targets costs one run, and not one for each", async scene =>
            {
                var domain = await scene.DomainAsync();
                var ending = await scene.EndAsync(domain, RuleScene.Half, scene.Begin(domain, RuleScene.Half, new CancellationToken(true)), RuleScene.Grace);
                if (ending.Outcome is { Kind: not OutcomeKind.Unable })
                    throw new RuleBrokenException($"it returned {ending.Outcome.Kind} and did not throw OperationCanceledException");
                MustBeCancelled(ending);
                if (ending.Info!.Footprint != RuleScene.Memory)
                    throw new RuleBrokenException($"the footprint moved to {ending.Info.Footprint}");
            }),
    ];

    /// <summary>Begins to move a domain, and cancels that in mid-flight.</summary>
    public static async Task CancelAsync(RuleScene scene, WatchedDomain domain)
    {
        using var cancel = new CancellationTokenSource();
        var run = scene.Begin(domain, RuleScene.Half, cancel.Token);
        await scene.WaitAsync(RuleScene.InFlight);
        if (run.IsCompletedSuccessfully)
            throw new RuleNotApplicableException($"it was done before it could be cancelled: {run.Result.Reason}");
        cancel.Cancel();
        MustBeCancelled(await scene.EndAsync(domain, RuleScene.Half, run, RuleScene.Grace));
    }

    private static void MustBeCancelled(Ending ending)
    {
        if (ending.Error is { } error and not OperationCanceledException)
            throw new RuleBrokenException($"it threw {error.GetType().Name} and not OperationCanceledException: {error.Message}", error);
        if (ending.Outcome is { Kind: not (OutcomeKind.Unable or OutcomeKind.Reached) } outcome)
            throw new RuleBrokenException($"it returned {outcome.Kind} and did not throw OperationCanceledException: {outcome.Reason}");
    }
}
