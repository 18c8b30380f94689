using Actors.BadPlugin;

namespace Actors.Sdk.Testing.Tests;

internal sealed class ActorRulesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    [TestCase(typeof(Liar), "It reaches a target")]
    [TestCase(typeof(Silent), "It reaches a target")]
    [TestCase(typeof(Overshoots), "It moves towards the target")]
    [TestCase(typeof(Deaf), "Cancelled, it stops")]
    [TestCase(typeof(Swallows), "Cancelled, it stops")]
    [TestCase(typeof(Patient), "A guest that refuses")]
    [TestCase(typeof(Crashes), "A domain that dies")]
    [TestCase(typeof(Crashes), "A mechanism that fails when it is first used")]
    [TestCase(typeof(Crashes), "A store that stays away")]
    [TestCase(typeof(Keeps), "Released, it has undone")]
    [TestCase(typeof(Keeps), "Released after it was cancelled")]
    [TestCase(typeof(Forgets), "Another instance of it")]
    [TestCase(typeof(LeavesATimer), "Released and disposed of")]
    [TestCase(typeof(Meddler), "It writes nothing")]
    [TestCase(typeof(Hops), "It waits for nothing but")]
    [TestCase(typeof(RealTime), "It waits for nothing but")]
    [TestCase(typeof(OneAtATime), "Two domains at once")]
    [TestCase(typeof(Chance), "In the same world")]
    [TestCase(typeof(Spins), "It reaches a target")]
    [TestCase(typeof(Busy), "It reaches a target")]
    public void A_bad_actor_breaks_the_rule_that_is_meant_for_it(Type actor, string rule)
    {
        var result = Try(rule, () => (IActor)Activator.CreateInstance(actor)!);

        Assert.That(result.Verdict, Is.EqualTo(RuleVerdict.Fail));
        TestContext.Out.WriteLine(result.Detail);
    }

    [Test]
    public void The_template_s_actor_keeps_every_rule_and_each_of_them_applies_to_it() => Assert.Multiple(() =>
    {
        var trial = new ActorTrial(() => new VendorNamespace.VendorActor(), () => new FakeWorld());
        foreach (var rule in ActorRules.All)
        {
            var result = trial.Try(rule);
            Assert.That(result.Verdict, Is.EqualTo(RuleVerdict.Pass), $"{rule}: {result.Detail}");
        }
    });

    private static RuleResult Try(string rule, Func<IActor> actor) => new ActorTrial(actor, () => new FakeWorld(), Patience)
        .Try(ActorRules.All.Single(each => each.Name.StartsWith(rule, StringComparison.Ordinal)));
}
