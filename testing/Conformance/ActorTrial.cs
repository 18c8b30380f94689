namespace Actors.Sdk.Testing;

/// <summary>
/// Holds an actor to rules, each in a world of its own. An actor that spins or blocks is left behind on its thread, has broken the rule,
/// and is not tried again: it may not even give that thread back.
/// </summary>
/// <param name="actor">Makes the actor; it is disposed after each rule.</param>
/// <param name="world">Makes the machine.</param>
/// <param name="patience">How long a rule may take in real time; 20 s when left out. Mostly it is milliseconds.</param>
public sealed class ActorTrial(Func<IActor> actor, Func<IRuleWorld> world, TimeSpan? patience = null)
{
    private readonly TimeSpan _patience = patience ?? TimeSpan.FromSeconds(20);
    private string? _leftBehind;

    /// <summary>Whether it had to be left behind.</summary>
    public bool LeftBehind => _leftBehind is not null;

    /// <summary>Tries a rule.</summary>
    public RuleResult Try(ActorRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (_leftBehind is not null)
            return new RuleResult(rule, RuleVerdict.Fail, $"not tried, because it did not come back from '{_leftBehind}'");
        RuleResult? result = null;
        var thread = new Thread(() => result = Play(rule)) { IsBackground = true, Name = "actor under test" };
        thread.Start();
        if (thread.Join(_patience))
            return result!;
        _leftBehind = rule.Name;
        return new RuleResult(rule, RuleVerdict.Fail,
            $"it has not ended after {_patience.TotalSeconds:0} s of real time, and was left behind: it computes without end, or blocks its thread");
    }

    private RuleResult Play(ActorRule rule)
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
