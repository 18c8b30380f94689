namespace Actors.Sdk.Testing;

/// <summary>A rule that every actor must follow, whatever its mechanism is.</summary>
public sealed class ActorRule
{
    internal ActorRule(string name, string why, Func<RuleContext, Task> check) => (Name, Why, Check) = (name, why, check);

    /// <summary>The rule, as a sentence about the actor.</summary>
    public string Name { get; }

    /// <summary>What goes wrong on a host if an actor breaks the rule.</summary>
    public string Why { get; }

    internal Func<RuleContext, Task> Check { get; }

    /// <summary>The name of the rule.</summary>
    public override string ToString() => Name;
}

/// <summary>Whether an actor follows a rule.</summary>
public enum RuleVerdict
{
    /// <summary>The actor follows the rule.</summary>
    Pass,

    /// <summary>The actor breaks the rule.</summary>
    Fail,

    /// <summary>The rule does not apply to this actor.</summary>
    NotApplicable,
}

/// <summary>The result of checking a rule.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Verdict">Whether the actor follows it.</param>
/// <param name="Detail">What the actor did wrong, or why the rule does not apply; empty if the actor follows the rule.</param>
public sealed record RuleResult(ActorRule Rule, RuleVerdict Verdict, string Detail);
