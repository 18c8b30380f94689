using Actors.Dispatch.Decisions;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Dispatch.Registry;
using Actors.Dispatch.Snapshots;
using Actors.Sdk;

namespace Actors.Dispatch.DryRuns;

/// <summary>What the shadow policies would do with one target, compared with what the serving policy does.</summary>
internal sealed class Shadows
{
    private readonly ShadowChoice _served;
    private readonly IReadOnlyList<(string Name, ShadowChoice Choice)> _shadows;

    private Shadows(ShadowChoice served, IReadOnlyList<(string, ShadowChoice)> shadows) => (_served, _shadows) = (served, shadows);

    /// <summary>There are no shadows.</summary>
    public static Shadows None { get; } = new(ShadowChoice.Refuses(""), []);

    /// <summary>Lets each shadow decide. An error in a shadow never affects the target.</summary>
    public static async Task<Shadows> DecideAsync(
        ActorDirectory directory, DomainSnapshot snapshot, Decision decision, HostDomain domain, CancellationToken cancellation)
    {
        if (directory.Shadows.Count == 0)
            return None;
        var serving = (decision as Decision.Act)?.Plan.Actor;
        var observing = directory.Shadows.Where(shadow => !shadow.IsSameAs(serving)).ToList();
        if (observing.Count == 0 || decision is not (Decision.Act or Decision.Refuse { Target: not null, Lacks: null }))
            return None;
        var served = await ChooseAsync(decision, domain, cancellation);
        var shadows = new List<(string, ShadowChoice)>();
        foreach (var shadow in observing)
            shadows.Add((shadow.Name, await ChooseAsync(Decider.DecideFor(snapshot, directory, shadow), domain, cancellation)));
        return new Shadows(served, shadows);
    }

    public IReadOnlyList<JournalShadow> CompareWith(IReadOnlyList<StepResult> ran) =>
        [.. _shadows.Select(shadow => new JournalShadow(shadow.Name, shadow.Choice.Plan.ToString(), ShadowRules.Difference(shadow.Choice, _served, ran)))];

    private static async Task<ShadowChoice> ChooseAsync(Decision decision, HostDomain domain, CancellationToken cancellation)
    {
        if (decision is not Decision.Act { Plan: var plan })
            return ShadowChoice.Refuses((decision as Decision.Refuse)?.Reason ?? "");
        try
        {
            return new ShadowChoice(await ActorPreview.OfAsync(plan.Actor, RunContext.ForDryRun(domain, plan.PrimaryTimeout), plan.Request, cancellation));
        }
        catch (Exception error) when (error is not (OperationCanceledException or DomainGoneException))
        {
            return ShadowChoice.Failed(error.Message);
        }
    }
}
