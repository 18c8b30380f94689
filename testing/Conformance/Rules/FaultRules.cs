namespace Actors.Sdk.Testing;

/// <summary>Rules for runs in which something fails.</summary>
internal static class FaultRules
{
    private const string WhyNot = "this hypervisor is built without it";
    private const string Died = "the helper process died";

    public static IReadOnlyList<ActorRule> All { get; } =
    [
        new("If the guest refuses, it ends with a reason and does not hang",
            "guests can be hostile or broken, or have no driver", async context =>
            {
                var domain = await context.DomainAsync(refuses: true);
                (await context.ReachAsync(domain, RuleContext.Half)).MustBeTrue();
            }),
        new("If the domain is paused during a run, it ends with a reason",
            "a paused guest does not react", async context =>
            {
                var (domain, run) = await InFlightAsync(context);
                await domain.RuleDomain.PauseAsync();
                (await context.EndAsync(domain, RuleContext.Half, run, RuleContext.TimeLimit)).MustBeTrue();
            }),
        new("If the domain is destroyed during a run, it ends with DomainGoneException or a reason",
            "the host treats any other exception as a fault of the actor", async context =>
            {
                var (domain, run) = await InFlightAsync(context);
                await domain.RuleDomain.DestroyAsync();
                var result = (await context.EndAsync(domain, RuleContext.Half, run, RuleContext.TimeLimit)).MustHaveReason();
                if (result.Outcome is { Kind: OutcomeKind.Reached })
                    throw new RuleBrokenException($"it returned Reached for a domain that no longer exists: {result.Outcome.Reason}");
                if (result.Error is { } error and not DomainGoneException)
                    throw new RuleBrokenException($"it threw {error.GetType().Name}: {error.Message}", error);
            }),
        new("If its mechanism dies during a run, it ends with a reason or MechanismException",
            "a pager is a process, and processes die; the next step of the chain must still run", async context =>
            {
                var (domain, run) = await InFlightAsync(context);
                if (domain.MechanismCalls == 0)
                    throw new RuleNotApplicableException("it had not used a mechanism when the mechanism died");
                domain.MechanismFailure = Died;
                domain.RuleDomain.KillHelpers();
                MustEndWithReason(await context.EndAsync(domain, RuleContext.Half, run, RuleContext.TimeLimit), error => error is MechanismException);
            }),
        new("If its mechanism fails on first use, it ends with a reason or MechanismException",
            "a mechanism that is offered can still fail, for example because of too little memory or a second pager", async context =>
            {
                var domain = await context.DomainAsync();
                domain.MechanismFailure = Died;
                var result = await context.ReachAsync(domain, RuleContext.Half);
                if (domain.MechanismCalls == 0)
                    throw new RuleNotApplicableException("it uses no mechanism");
                MustEndWithReason(result, error => error is MechanismException);
            }),
        new("Without its mechanism it is unable, and its reason contains the hypervisor's reason",
            "an operator must see what is missing, and a chain must continue immediately", async context =>
            {
                var domain = await context.DomainAsync();
                domain.Withheld = WhyNot;
                var result = await context.ReachAsync(domain, RuleContext.Half);
                if (result.Error is NullReferenceException)
                    throw new RuleBrokenException("it used a mechanism that is not available (NullReferenceException): check Offer.Available first", result.Error);
                result.MustBeTrue();
                if (!domain.RequestedMechanism)
                    throw new RuleNotApplicableException("it requests no mechanism");
                if (result.Unable && !result.Outcome!.Reason.Contains(WhyNot, StringComparison.Ordinal))
                    throw new RuleBrokenException($"its reason is '{result.Outcome.Reason}', but it must contain the value of WhyNot: '{WhyNot}'");
            }),
        new("While the store reconnects, it waits and then continues",
            "a restart of xenstored is no reason to try the next step of a chain", async context =>
            {
                var calm = (await context.ReachAsync(await context.DomainAsync("rule-calm"), RuleContext.Half)).MustBeTrue();
                var domain = await context.DomainAsync();
                domain.RecordingStore.Unavailable = context.WaitAsync(TimeSpan.FromSeconds(5));
                var result = (await context.ReachAsync(domain, RuleContext.Half)).MustBeTrue();
                if (domain.RecordingStore.CallsWhileUnavailable == 0)
                    throw new RuleNotApplicableException("it does not use the store");
                if (result.Outcome!.Kind != calm.Outcome!.Kind)
                    throw new RuleBrokenException($"it returned {result.Outcome.Kind}, but without the interruption it returns {calm.Outcome.Kind}: {result.Outcome.Reason}");
            }),
        new("If the store stays unavailable, it ends with the store's exception or a reason",
            "the host shows the error of the store to the operator", async context =>
            {
                var domain = await context.DomainAsync();
                domain.RecordingStore.Unavailable = Task.FromException(new IOException("the connection to xenstore is lost"));
                var result = await context.ReachAsync(domain, RuleContext.Half);
                if (domain.RecordingStore.CallsWhileUnavailable == 0)
                    throw new RuleNotApplicableException("it does not use the store");
                MustEndWithReason(result, error => error is IOException);
            }),
    ];

    private static async Task<(RecordingDomain Domain, Task<Outcome> Run)> InFlightAsync(RuleContext context)
    {
        var domain = await context.DomainAsync();
        var run = context.Begin(domain, RuleContext.Half);
        await context.WaitAsync(RuleContext.InFlight);
        return run.IsCompletedSuccessfully
            ? throw new RuleNotApplicableException($"it ended before the fault could happen: {run.Result.Reason}")
            : (domain, run);
    }

    private static void MustEndWithReason(RunResult result, Func<Exception, bool> accepted)
    {
        if (result.Error is null || !accepted(result.Error))
            result.MustBeTrue();
    }
}
