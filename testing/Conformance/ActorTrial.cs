namespace Actors.Sdk.Testing;

/// <summary>
/// Checks an actor against rules, each in a new world. An actor that loops or blocks is abandoned on its thread and fails the rule. It is not
/// checked against further rules, because it may never return that thread.
/// </summary>
/// <param name="actor">Creates the actor. It is disposed after each rule.</param>
/// <param name="world">Creates the machine.</param>
/// <param name="timeLimit">The real time that a rule may take; 20 s if omitted. Most rules take milliseconds.</param>
public sealed class ActorTrial(Func<IActor> actor, Func<IRuleWorld> world, TimeSpan? timeLimit = null)
{
    /// <summary>The name of the actor; <see langword="null"/> to take it from its class.</summary>
    public string? Name { get; init; }

    private readonly TimeSpan _timeLimit = timeLimit ?? TimeSpan.FromSeconds(20);
    private string? _abandoned;

    /// <summary>Whether the actor was abandoned.</summary>
    public bool Abandoned => _abandoned is not null;

    /// <summary>Checks a rule.</summary>
    public RuleResult Try(ActorRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (_abandoned is not null)
            return new RuleResult(rule, RuleVerdict.Fail, $"not checked, because the actor did not return from '{_abandoned}'");
        RuleResult? result = null;
        var thread = new Thread(() => result = Check(rule)) { IsBackground = true, Name = "actor under test" };
        thread.Start();
        if (thread.Join(_timeLimit))
            return result!;
        _abandoned = rule.Name;
        return new RuleResult(rule, RuleVerdict.Fail,
            $"it did not return within {_timeLimit.TotalSeconds:0} s of real time and was abandoned: it loops forever, or blocks its thread");
    }

    private RuleResult Check(ActorRule rule)
    {
        try
        {
            RuleContext.Run(actor, world, rule.Check, Name);
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
