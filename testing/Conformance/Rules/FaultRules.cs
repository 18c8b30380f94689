namespace Actors.Sdk.Testing;

/// <summary>What becomes of a run when the world breaks under it.</summary>
internal static class FaultRules
{
    private const string WhyNot = "this hypervisor is built without it";
    private const string Died = "the helper process died";

    public static IReadOnlyList<ActorRule> All { get; } =
    [
        new("A guest that refuses brings it to an end with a reason, and does not hang it",
            "guests are hostile, or broken, or have no driver", async scene =>
            {
                var domain = await scene.DomainAsync(refuses: true);
                (await scene.ReachAsync(domain, RuleScene.Half)).MustBeTrue();
            }),
        new("A domain that is paused on the way brings it to an end with a reason",
            "a paused guest answers nothing", async scene =>
            {
                var (domain, run) = await InFlightAsync(scene);
                await domain.Ground.PauseAsync();
                (await scene.EndAsync(domain, RuleScene.Half, run, RuleScene.Enough)).MustBeTrue();
            }),
        new("A domain that dies in mid-run ends the run, with DomainGoneException or a reason",
            "the host forgets a domain that is gone; any other error is told as a fault of the actor", async scene =>
            {
                var (domain, run) = await InFlightAsync(scene);
                await domain.Ground.DestroyAsync();
                var ending = (await scene.EndAsync(domain, RuleScene.Half, run, RuleScene.Enough)).MustHaveReason();
                if (ending.Outcome is { Kind: OutcomeKind.Reached })
                    throw new RuleBrokenException($"it said Reached of a domain that is gone: {ending.Outcome.Reason}");
                if (ending.Error is { } error and not DomainGoneException)
                    throw new RuleBrokenException($"it threw {error.GetType().Name}: {error.Message}", error);
            }),
        new("A mechanism that dies in mid-run brings it to an end, with a reason or MechanismException",
            "a pager is a process, and processes die; the chain must go on", async scene =>
            {
                var (domain, run) = await InFlightAsync(scene);
                if (domain.MechanismCalls == 0)
                    throw new RuleNotApplicableException("it has not used a mechanism by then");
                domain.MechanismsDead = Died;
                domain.Ground.KillHelpers();
                MustSay(await scene.EndAsync(domain, RuleScene.Half, run, RuleScene.Enough), error => error is MechanismException);
            }),
        new("A mechanism that fails when it is first used brings it to an end, with a reason or MechanismException",
            "what is offered may not work after all: no memory for it, another one at work", async scene =>
            {
                var domain = await scene.DomainAsync();
                domain.MechanismsDead = Died;
                var ending = await scene.ReachAsync(domain, RuleScene.Half);
                if (domain.MechanismCalls == 0)
                    throw new RuleNotApplicableException("it uses no mechanism");
                MustSay(ending, error => error is MechanismException);
            }),
        new("Without its mechanism it is unable, with the hypervisor's own reason",
            "an operator must read what is missing, and a chain must go on at once", async scene =>
            {
                var domain = await scene.DomainAsync();
                domain.Withheld = WhyNot;
                var ending = (await scene.ReachAsync(domain, RuleScene.Half)).MustBeTrue();
                if (!domain.AskedForMechanism)
                    throw new RuleNotApplicableException("it asks for no mechanism");
                if (ending.Unable && !ending.Outcome!.Reason.Contains(WhyNot, StringComparison.Ordinal))
                    throw new RuleBrokenException($"its reason is '{ending.Outcome.Reason}', and does not say what WhyNot said: '{WhyNot}'");
            }),
        new("While the store reconnects it waits, and then goes on",
            "a restarting xenstored is no reason to try the next step of a chain", async scene =>
            {
                var calm = (await scene.ReachAsync(await scene.DomainAsync("rule-calm"), RuleScene.Half)).MustBeTrue();
                var domain = await scene.DomainAsync();
                domain.WatchedStore.Away = scene.WaitAsync(TimeSpan.FromSeconds(5));
                var ending = (await scene.ReachAsync(domain, RuleScene.Half)).MustBeTrue();
                if (domain.WatchedStore.CalledWhileAway == 0)
                    throw new RuleNotApplicableException("it asks nothing of the store");
                if (ending.Outcome!.Kind != calm.Outcome!.Kind)
                    throw new RuleBrokenException($"it said {ending.Outcome.Kind}, and without the pause it says {calm.Outcome.Kind}: {ending.Outcome.Reason}");
            }),
        new("A store that stays away brings it to an end, with the store's error or a reason",
            "the host tells the operator what the store said", async scene =>
            {
                var domain = await scene.DomainAsync();
                domain.WatchedStore.Away = Task.FromException(new IOException("the connection to xenstore is lost"));
                var ending = await scene.ReachAsync(domain, RuleScene.Half);
                if (domain.WatchedStore.CalledWhileAway == 0)
                    throw new RuleNotApplicableException("it asks nothing of the store");
                MustSay(ending, error => error is IOException);
            }),
    ];

    private static async Task<(WatchedDomain Domain, Task<Outcome> Run)> InFlightAsync(RuleScene scene)
    {
        var domain = await scene.DomainAsync();
        var run = scene.Begin(domain, RuleScene.Half);
        await scene.WaitAsync(RuleScene.InFlight);
        return run.IsCompletedSuccessfully
            ? throw new RuleNotApplicableException($"it was done before anything could happen to it: {run.Result.Reason}")
            : (domain, run);
    }

    private static void MustSay(Ending ending, Func<Exception, bool> accepted)
    {
        if (ending.Error is null || !accepted(ending.Error))
            ending.MustBeTrue();
    }
}
