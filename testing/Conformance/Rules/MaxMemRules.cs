namespace Actors.Sdk.Testing;

/// <summary>Rules for actors that move the guest's balloon. They do not apply to actors that never write its target.</summary>
internal static class MaxMemRules
{
    // Generous, because an actor may add an offset of its own. libxl adds 1 MiB.
    private static readonly Kib Slack = Kib.FromMiB(64);

    public static IReadOnlyList<ActorRule> All { get; } =
    [
        new("It raises max_mem before it raises the balloon target, and lowers max_mem after the guest has shrunk",
            "a Linux driver that reaches max_mem gives up, and a max_mem that stays high lets the guest grow back on its own", async context =>
            {
                var domain = await context.DomainAsync();
                var down = (await context.ReachAsync(domain, RuleContext.Half)).MustBeTrue();
                if (!domain.BalloonSteps.Any(step => step.Kind == BalloonStepKind.Target))
                    throw new RuleNotApplicableException($"it does not write {DomainKeys.BalloonTarget}");
                MustNotBeLoweredEarly(domain.BalloonSteps);
                MustBeLowered(down);
                (await context.ReachAsync(domain, RuleContext.Memory)).MustBeTrue();
                MustBeRaisedFirst(domain.BalloonSteps);
            }),
    ];

    private static void MustNotBeLoweredEarly(IEnumerable<BalloonStep> steps)
    {
        foreach (var step in steps.Where(step => step.Kind == BalloonStepKind.MaxMem && step.Amount < step.Footprint - RunResult.Tolerance))
            throw new RuleBrokenException($"it lowered max_mem to {step.Amount} while the domain still held {step.Footprint}: lower it after the guest has shrunk");
    }

    private static void MustBeLowered(RunResult down)
    {
        if (down.Near && down.Info!.MaxMem > RuleContext.Half + Slack)
            throw new RuleBrokenException($"the guest has shrunk to {down.Info.Footprint}, but max_mem is still {down.Info.MaxMem}: lower it, or the guest can grow back on its own");
    }

    private static void MustBeRaisedFirst(IEnumerable<BalloonStep> steps)
    {
        foreach (var step in steps.Where(step => step.Kind == BalloonStepKind.Target && step.Amount > step.MaxMem))
            throw new RuleBrokenException($"it wrote {DomainKeys.BalloonTarget} = {step.Amount} while max_mem was only {step.MaxMem}: raise max_mem first");
    }
}
