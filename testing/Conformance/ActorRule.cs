namespace Actors.Sdk.Testing;

/// <summary>A rule that every actor must keep, whatever its mechanism is.</summary>
public sealed class ActorRule
{
    internal ActorRule(string name, string why, Func<RuleScene, Task> check) => (Name, Why, Check) = (name, why, check);

    /// <summary>The rule, as a sentence about the actor.</summary>
    public string Name { get; }

    /// <summary>What goes wrong on a host when it is broken.</summary>
    public string Why { get; }

    internal Func<RuleScene, Task> Check { get; }

    /// <summary>The rule.</summary>
    public override string ToString() => Name;
}

/// <summary>How an actor stands to a rule.</summary>
public enum RuleVerdict
{
    /// <summary>It keeps it.</summary>
    Pass,

    /// <summary>It breaks it.</summary>
    Fail,

    /// <summary>The rule says nothing about an actor of this kind.</summary>
    NotApplicable,
}

/// <summary>What came of trying a rule.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Verdict">How the actor stands to it.</param>
/// <param name="Detail">What it did, or why the rule does not apply; empty when it keeps it.</param>
public sealed record RuleResult(ActorRule Rule, RuleVerdict Verdict, string Detail);
