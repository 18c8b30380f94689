
namespace Actors.Sdk.Testing;

/// <summary>Rules for targets on a domain that cooperates.</summary>
internal static class ReachingRules
{
    private static readonly TimeSpan Immediately = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(50);

    public static IReadOnlyList<ActorRule> All { get; } =
    [
        new("It reaches a target, or ends on its own and reports how far it came",
            "a chain starts its next step only when this one has returned", async context =>
            {
                var domain = await context.DomainAsync();
                (await context.ReachAsync(domain, RuleContext.Half)).MustBeTrue();
            }),
        new("It moves towards the target, and never past it",
            "a guest that gets less memory than its target can run out of memory and crash", async context =>
            {
                var domain = await context.DomainAsync();
                var run = context.Begin(domain, RuleContext.Half);
                while (!run.IsCompleted && domain.RuleDomain.Info is { } info)
                {
                    MustBeBetween(info.Footprint, RuleContext.Half, RuleContext.Memory);
                    await context.WaitAsync(CheckInterval);
                }
                MustBeBetween((await context.EndAsync(domain, RuleContext.Half, run, RuleContext.TimeLimit)).MustBeTrue().Info!.Footprint,
                    RuleContext.Half, RuleContext.Memory);
            }),
        new("It grows again when the target is raised",
            "an actor that can only take memory starves a guest although the host has free memory again", async context =>
            {
                var domain = await context.DomainAsync();
                var down = (await context.ReachAsync(domain, RuleContext.Half)).MustBeTrue();
                if (down.Info!.Footprint >= RuleContext.Memory)
                    throw new RuleNotApplicableException($"it took no memory that it could give back: {down.Outcome!.Reason}");
                var up = (await context.ReachAsync(domain, RuleContext.Memory)).MustBeTrue();
                if (up.Info!.Footprint <= down.Info.Footprint && up.Outcome!.Kind is not (OutcomeKind.Short or OutcomeKind.Unable))
                    throw new RuleBrokenException($"the footprint stayed at {up.Info.Footprint}: {up.Outcome!.Reason}");
            }),
        new("If the domain is already at the target, it returns immediately and moves nothing",
            "when a host starts it checks every domain, and most are already at their target", async context =>
            {
                var domain = await context.DomainAsync();
                var result = (await context.ReachAsync(domain, RuleContext.Memory)).MustBeTrue();
                if (result.Took > Immediately)
                    throw new RuleBrokenException($"it took {result.Took.TotalSeconds:0.#} s; at most {Immediately.TotalSeconds:0} s are allowed");
                MustBeBetween(result.Info!.Footprint, RuleContext.Memory, RuleContext.Memory);
            }),
        new("The progress that it reports matches the hypervisor",
            "the host shows progress to operators, and treats an actor without progress as stuck", async context =>
            {
                var domain = await context.DomainAsync();
                (await context.ReachAsync(domain, RuleContext.Half)).MustBeTrue();
                if (domain.Reports.Count == 0)
                    throw new RuleNotApplicableException("it reports no progress");
                foreach (var report in domain.Reports)
                    MustBeBetween(report.Footprint, RuleContext.Half, RuleContext.Memory, "it reported a footprint of ");
            }),
    ];

    private static void MustBeBetween(Kib footprint, Kib low, Kib high, string what = "the footprint was ")
    {
        var slack = new TargetRequest { Target = low }.Tolerance;
        if (footprint < low - slack || footprint > high + slack)
            throw new RuleBrokenException($"{what}{footprint}, which is not between {low} and {high}");
    }
}
