using Actors.Dispatch.Decisions;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Dispatch.Registry;
using Actors.Sdk;

namespace Actors.Dispatch.DryRuns;

/// <summary>What the shadow policies would make of one target, beside what the serving one makes of it.</summary>
internal sealed class Shadows
{
    private readonly ShadowChoice _served;
    private readonly IReadOnlyList<(string Name, ShadowChoice Choice)> _shadows;

    private Shadows(ShadowChoice served, IReadOnlyList<(string, ShadowChoice)> shadows) => (_served, _shadows) = (served, shadows);

    /// <summary>Nobody looks on.</summary>
    public static Shadows None { get; } = new(ShadowChoice.Refuses(""), []);

    /// <summary>Asks each shadow. Whatever one of them does, the target is none the worse for it.</summary>
    public static async Task<Shadows> AskAsync(
        ActorDirectory directory, DomainSnapshot situation, Decision decision, HostDomain domain, CancellationToken cancellation)
    {
        if (directory.Shadows.Count == 0)
            return None;
        var serving = (decision as Decision.Act)?.Plan.Actor;
        var looking = directory.Shadows.Where(shadow => !shadow.IsSameAs(serving)).ToList();
        if (looking.Count == 0 || decision is not (Decision.Act or Decision.Refuse { Target: not null, Waits: false }))
            return None;
        var served = await ChooseAsync(decision, domain, cancellation);
        var shadows = new List<(string, ShadowChoice)>();
        foreach (var shadow in looking)
            shadows.Add((shadow.Name, await ChooseAsync(Decider.DecideFor(situation, shadow), domain, cancellation)));
        return new Shadows(served, shadows);
    }

    public IReadOnlyList<JournalShadow> Beside(IReadOnlyList<StepResult> ran) =>
        [.. _shadows.Select(shadow => new JournalShadow(shadow.Name, shadow.Choice.Plan.ToString(), ShadowRules.Difference(shadow.Choice, _served, ran)))];

    private static async Task<ShadowChoice> ChooseAsync(Decision decision, HostDomain domain, CancellationToken cancellation)
    {
        if (decision is not Decision.Act { Plan: var dispatch })
            return ShadowChoice.Refuses((decision as Decision.Refuse)?.Reason ?? "");
        try
        {
            return new ShadowChoice(await ActorPreview.OfAsync(dispatch.Actor, RunContext.ForDryRun(domain, dispatch.PrimaryTimeout), dispatch.Request, cancellation));
        }
        catch (Exception error) when (error is not (OperationCanceledException or DomainGoneException))
        {
            return ShadowChoice.Failed(error.Message);
        }
    }
}
