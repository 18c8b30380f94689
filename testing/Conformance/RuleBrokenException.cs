namespace Actors.Sdk.Testing;

/// <summary>The actor breaks the rule that is being tried; the message says how.</summary>
internal sealed class RuleBrokenException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The rule says nothing about this actor; the message says why.</summary>
internal sealed class RuleNotApplicableException(string message) : Exception(message);
