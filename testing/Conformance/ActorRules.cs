namespace Actors.Sdk.Testing;

/// <summary>All rules, and how an actor is held to one.</summary>
public static class ActorRules
{
    /// <summary>Every rule, in the order in which they are best read.</summary>
    public static IReadOnlyList<ActorRule> All { get; } =
        [.. ReachingRules.All, .. CancellingRules.All, .. FaultRules.All, .. ReleasingRules.All, .. NeighbourRules.All];

    /// <summary>Holds an actor to a rule. An actor that spins or blocks is left behind on its thread, and has broken it.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="actor">Makes the actor; it is disposed afterwards.</param>
    /// <param name="world">Makes the machine.</param>
    /// <param name="patience">How long to wait, in real time; 20 s when left out. Without fault it is milliseconds.</param>
    public static RuleResult Try(ActorRule rule, Func<IActor> actor, Func<IRuleWorld> world, TimeSpan? patience = null)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(world);
        var wait = patience ?? TimeSpan.FromSeconds(20);
        RuleResult? result = null;
        var thread = new Thread(() => result = Play(rule, actor, world)) { IsBackground = true, Name = "actor under test" };
        thread.Start();
        return thread.Join(wait)
            ? result!
            : new RuleResult(rule, RuleVerdict.Fail,
                $"it has not ended after {wait.TotalSeconds:0} s of real time, and was left behind: it computes without end, or blocks its thread");
    }

    private static RuleResult Play(ActorRule rule, Func<IActor> actor, Func<IRuleWorld> world)
    {
        try
        {
            RuleScene.Play(actor, world, rule.Check);
            return new RuleResult(rule, RuleVerdict.Pass, "");
        }
        catch (RuleNotApplicableException error)
        {
            return new RuleResult(rule, RuleVerdict.NotApplicable, error.Message);
        }
        catch (RuleBrokenException error)
        {
            return new RuleResult(rule, RuleVerdict.Fail, error.Message);
        }
        catch (Exception error)
        {
            return new RuleResult(rule, RuleVerdict.Fail, $"{error.GetType().Name}: {error.Message}");
        }
    }
}
