using Actors.Chains.Lint;
using Actors.Chains.Model;

namespace Actors.Host.Tests.Chains.Lint;

internal sealed class CombinationsTests
{
    [TestCase("paging balloon", "double paging")]
    [TestCase("sharing balloon", "a shared page that goes into the balloon frees nothing")]
    [TestCase("balloon sharing", "put sharing first")]
    [TestCase("sharing paging", "no balloon between")]
    [TestCase("paging sharing", "a page that is paged out can't be shared")]
    [TestCase("balloon balloon", "at work already")]
    public void Two_that_work_against_each_other_are_told_with_the_reason(string chain, string reason) =>
        Assert.That(Warnings(Chain("p", chain)), Has.One.Contains(reason));

    [TestCase("balloon paging")]
    [TestCase("balloon")]
    [TestCase("tmem balloon paging")]
    [TestCase("acme paging")]
    public void Two_that_don_t_are_not(string chain) => Assert.That(Warnings(Chain("p", chain)), Is.Empty);

    [Test]
    public void Who_lets_go_first_is_in_nobody_s_way()
    {
        var policy = Chain("p", "paging balloon");

        Assert.That(Warnings(policy with { Steps = [policy.Steps[0] with { Keep = false }, policy.Steps[1]] }), Is.Empty);
    }

    [Test]
    public void What_another_policy_brings_along_counts() =>
        Assert.That(Warnings(Chain("p", "inner balloon"), Chain("inner", "paging")), Has.One.Contains("double paging"));

    [Test]
    public void What_has_no_effect_is_told()
    {
        var step = new PolicyStep("balloon", TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10)) { Keep = false };

        Assert.That(Warnings(new Policy { Name = "p", Steps = [step] }), Has.One.Contains("'stall' has no effect").And.One.Contains("'keep: false' has no effect"));
    }

    private static Policy Chain(string name, string actors) =>
        new() { Name = name, Steps = [.. actors.Split(' ').Select(actor => new PolicyStep(actor, null, null))] };

    private static string[] Warnings(Policy policy, params Policy[] others) =>
        [.. Combinations.Warnings(policy, others.ToDictionary(other => other.Name), name => others.All(other => other.Name != name)).Select(warning => warning.Message)];
}
