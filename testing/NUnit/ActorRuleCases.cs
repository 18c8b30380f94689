using NUnit.Framework;

namespace Actors.Sdk.Testing;

/// <summary>The rules, a test each, under their own names.</summary>
internal static class ActorRuleCases
{
    public static IEnumerable<TestCaseData> All =>
        ActorRules.All.Select(rule => new TestCaseData(rule).SetName(rule.Name).SetProperty("Why", rule.Why));
}
