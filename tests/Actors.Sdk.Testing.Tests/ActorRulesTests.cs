using Actors.BadPlugin;

namespace Actors.Sdk.Testing.Tests;

internal sealed class ActorRulesTests
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(3);

    [TestCase(typeof(Liar), "It reaches a target")]
    [TestCase(typeof(Silent), "It reaches a target")]
    [TestCase(typeof(Overshoots), "It moves towards the target")]
    [TestCase(typeof(Deaf), "When it is cancelled, it stops")]
    [TestCase(typeof(Swallows), "When it is cancelled, it stops")]
    [TestCase(typeof(Patient), "If the guest refuses")]
    [TestCase(typeof(Crashes), "If the domain is destroyed")]
    [TestCase(typeof(Crashes), "If its mechanism fails on first use")]
    [TestCase(typeof(Crashes), "If the store stays unavailable")]
    [TestCase(typeof(Keeps), "After a release, everything")]
    [TestCase(typeof(Keeps), "After a cancelled run")]
    [TestCase(typeof(Forgets), "Another instance")]
    [TestCase(typeof(LeavesATimer), "After a release and its disposal")]
    [TestCase(typeof(Meddler), "It writes no key")]
    [TestCase(typeof(Hops), "It waits only for")]
    [TestCase(typeof(RealTime), "It waits only for")]
    [TestCase(typeof(OneAtATime), "Two domains at the same time")]
    [TestCase(typeof(Chance), "In the same world")]
    [TestCase(typeof(Spins), "It reaches a target")]
    [TestCase(typeof(Busy), "It reaches a target")]
    [TestCase(typeof(RaisesTooLate), "It raises max_mem", "it wrote memory/target = 1 GiB while max_mem was only 513 MiB")]
    [TestCase(typeof(NeverLowers), "It raises max_mem", "the guest has shrunk to 512 MiB, but max_mem is still 1 GiB")]
    [TestCase(typeof(LowersTooEarly), "It raises max_mem", "it lowered max_mem to 513 MiB while the domain still held 1 GiB")]
    [TestCase(typeof(WritesTarget), "It writes no key", "it wrote 'memory-policy/target'")]
    [TestCase(typeof(WritesPages), "It moves towards the target", "is not between 512 MiB and 1 GiB")]
    [TestCase(typeof(RestoresStaticMax), "After a release, everything", "'memory/target' was '1048576' before the run and is '2097152' after the release")]
    [TestCase(typeof(UsesAStopwatch), "If the guest refuses", "it did not return within 600 s. It must notice when nothing moves, and measure that with domain.Time")]
    [TestCase(typeof(UndoesOnCancel), "When it is cancelled, it stays engaged", "what it has started must stay until ReleaseAsync")]
    [TestCase(typeof(ReportsAStackTrace), "If its mechanism fails on first use", "the reason of its outcome has more than one line")]
    [TestCase(typeof(AssumesItsMechanism), "Without its mechanism", "it used a mechanism that is not available (NullReferenceException): check Offer.Available first")]
    public void A_bad_actor_fails_the_rule_that_it_breaks(Type actor, string rule, string detail = "")
    {
        var result = Try(rule, () => (IActor)Activator.CreateInstance(actor)!);

        Assert.That(result.Verdict, Is.EqualTo(RuleVerdict.Fail));
        Assert.That(result.Detail, Does.Contain(detail));
        TestContext.Out.WriteLine(result.Detail);
    }

    [Test]
    public void The_actor_of_the_template_follows_every_rule_and_only_the_rule_for_balloons_does_not_apply() => Assert.Multiple(() =>
    {
        var trial = new ActorTrial(() => new VendorNamespace.VendorActor(), () => new FakeWorld());
        foreach (var rule in ActorRules.All)
        {
            var result = trial.Try(rule);
            var expected = rule.Name.StartsWith("It raises max_mem", StringComparison.Ordinal) ? RuleVerdict.NotApplicable : RuleVerdict.Pass;
            Assert.That(result.Verdict, Is.EqualTo(expected), $"{rule}: {result.Detail}");
        }
    });

    [Test]
    public void A_correct_balloon_actor_follows_every_rule_that_applies() => Assert.Multiple(() =>
    {
        var trial = new ActorTrial(() => new SimpleBalloon(), () => new FakeWorld());
        foreach (var rule in ActorRules.All)
        {
            var result = trial.Try(rule);
            Assert.That(result.Verdict, Is.Not.EqualTo(RuleVerdict.Fail), $"{rule}: {result.Detail}");
        }
    });

    private static RuleResult Try(string rule, Func<IActor> actor) => new ActorTrial(actor, () => new FakeWorld(), TimeLimit)
        .Try(ActorRules.All.Single(each => each.Name.StartsWith(rule, StringComparison.Ordinal)));
}
