
namespace Actors.Sdk.Testing;

/// <summary>What becomes of a target on a domain that does as it is told.</summary>
internal static class ReachingRules
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public static IReadOnlyList<ActorRule> All { get; } =
    [
        new("It reaches a target, or ends by itself and says how far it came",
            "a chain goes on to its next step only when this one has spoken", async scene =>
            {
                var domain = await scene.DomainAsync();
                (await scene.ReachAsync(domain, RuleScene.Half)).MustBeTrue();
            }),
        new("It moves towards the target, and neither past it nor under the floor",
            "below its floor a guest runs out of memory and dies", async scene =>
            {
                var domain = await scene.DomainAsync();
                var run = scene.Begin(domain, RuleScene.Half);
                while (!run.IsCompleted && domain.Ground.Info is { } info)
                {
                    MustLieBetween(info.Footprint, RuleScene.Half, RuleScene.Memory);
                    await scene.WaitAsync(Look);
                }
                MustLieBetween((await scene.EndAsync(domain, RuleScene.Half, run, RuleScene.Enough)).MustBeTrue().Info!.Footprint,
                    RuleScene.Half, RuleScene.Memory);
            }),
        new("It follows the target up again",
            "an actor that can only take leaves a guest starved when memory is free again", async scene =>
            {
                var domain = await scene.DomainAsync();
                var down = (await scene.ReachAsync(domain, RuleScene.Half)).MustBeTrue();
                if (down.Info!.Footprint >= RuleScene.Memory)
                    throw new RuleNotApplicableException($"it took nothing that could be given back: {down.Outcome!.Reason}");
                var up = (await scene.ReachAsync(domain, RuleScene.Memory)).MustBeTrue();
                if (up.Info!.Footprint <= down.Info.Footprint && up.Outcome!.Kind is not (OutcomeKind.Short or OutcomeKind.Unable))
                    throw new RuleBrokenException($"the footprint stayed at {up.Info.Footprint}: {up.Outcome!.Reason}");
            }),
        new("A target at which the domain is already is answered at once, and moves nothing",
            "a host that starts looks at every domain, and most are where they should be", async scene =>
            {
                var domain = await scene.DomainAsync();
                var ending = (await scene.ReachAsync(domain, RuleScene.Memory)).MustBeTrue();
                if (ending.Took > AtOnce)
                    throw new RuleBrokenException($"it took {ending.Took.TotalSeconds:0.#} s");
                MustLieBetween(ending.Info!.Footprint, RuleScene.Memory, RuleScene.Memory);
            }),
        new("What it reports on the way is what the hypervisor says",
            "the host shows it to operators, and takes an actor without progress for stuck", async scene =>
            {
                var domain = await scene.DomainAsync();
                (await scene.ReachAsync(domain, RuleScene.Half)).MustBeTrue();
                if (domain.Reports.Count == 0)
                    throw new RuleNotApplicableException("it reports nothing on the way");
                foreach (var report in domain.Reports)
                    MustLieBetween(report.Footprint, RuleScene.Half, RuleScene.Memory, "it reported a footprint of ");
            }),
    ];

    private static void MustLieBetween(Kib footprint, Kib low, Kib high, string what = "the footprint was ")
    {
        var slack = new TargetRequest { Target = low }.Tolerance;
        if (footprint < low - slack || footprint > high + slack)
            throw new RuleBrokenException($"{what}{footprint}, and the way led from {high} to {low}");
    }
}
