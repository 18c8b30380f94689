using NUnit.Framework;

namespace Actors.Sdk.Testing;

/// <summary>
/// Holds an actor to every rule, on the fakes of this kit. One line is all: <c>public sealed class CompressConformance :
/// ActorConformance&lt;CompressActor&gt;;</c>. A rule that says nothing about the actor is ignored, with the reason.
/// </summary>
/// <typeparam name="TActor">The actor.</typeparam>
[TestFixture]
public abstract class ActorConformance<TActor> where TActor : IActor, new()
{
    private readonly ActorTrial _trial;

    /// <summary>A fixture over the fakes of this kit.</summary>
    protected ActorConformance() => _trial = new ActorTrial(() => new TActor(), () => new FakeWorld(Prepare));

    /// <summary>The rules, a test each.</summary>
    public static IEnumerable<TestCaseData> Rules =>
        ActorRules.All.Select(rule => new TestCaseData(rule).SetName(rule.Name).SetProperty("Why", rule.Why));

    /// <summary>The actor keeps a rule.</summary>
    [TestCaseSource(nameof(Rules))]
    public void Keeps(ActorRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var result = _trial.Try(rule);
        if (result.Verdict == RuleVerdict.NotApplicable)
            Assert.Ignore($"not applicable: {result.Detail}");
        Assert.That(result.Verdict, Is.EqualTo(RuleVerdict.Pass), $"{result.Detail} (why it matters: {rule.Why})");
    }

    /// <summary>Gives each domain what the actor needs and the kit does not know: a mechanism or an agent of your own.</summary>
    protected virtual void Prepare(FakeDomain domain)
    {
    }
}
