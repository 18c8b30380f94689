namespace Actors.Sdk.Testing;

/// <summary>The actor breaks the rule that is being checked; the message says how.</summary>
internal sealed class RuleBrokenException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The rule does not apply to this actor; the message says why.</summary>
internal sealed class RuleNotApplicableException(string message) : Exception(message);
