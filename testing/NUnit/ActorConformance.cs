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

    /// <summary>The actor keeps a rule.</summary>
    [TestCaseSource(typeof(ActorRuleCases), nameof(ActorRuleCases.All))]
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
