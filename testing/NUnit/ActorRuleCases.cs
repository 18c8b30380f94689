using NUnit.Framework;

namespace Actors.Sdk.Testing;

/// <summary>The rules as test cases. Each case has the name of its rule.</summary>
internal static class ActorRuleCases
{
    public static IEnumerable<TestCaseData> All =>
        ActorRules.All.Select(rule => new TestCaseData(rule).SetName(rule.Name).SetProperty("Why", rule.Why));
}
