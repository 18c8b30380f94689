using Actors.Chains.Lint;
using Actors.Chains.Model;

namespace Actors.Chains.Tests.Lint;

internal sealed class CombinationsTests
{
    [TestCase("paging balloon", "double paging")]
    [TestCase("sharing balloon", "a shared page that goes into the balloon frees nothing")]
    [TestCase("balloon sharing", "put sharing first")]
    [TestCase("sharing paging", "no balloon between")]
    [TestCase("paging sharing", "a page that is paged out can't be shared")]
    [TestCase("balloon balloon", "already running")]
    public void A_combination_that_works_against_itself_is_reported_with_the_reason(string chain, string reason) =>
        Assert.That(Warnings(Chain("p", chain)), Has.One.Contains(reason));

    [TestCase("balloon paging")]
    [TestCase("balloon")]
    [TestCase("tmem balloon paging")]
    [TestCase("acme paging")]
    public void A_combination_that_works_together_is_not_reported(string chain) => Assert.That(Warnings(Chain("p", chain)), Is.Empty);

    [Test]
    public void A_step_that_is_released_first_does_not_conflict_with_later_ones()
    {
        var policy = Chain("p", "paging balloon");

        Assert.That(Warnings(policy with { Steps = [policy.Steps[0] with { Keep = false }, policy.Steps[1]] }), Is.Empty);
    }

    [Test]
    public void The_steps_of_a_policy_that_is_a_step_count_too() =>
        Assert.That(Warnings(Chain("p", "inner balloon"), Chain("inner", "paging")), Has.One.Contains("double paging"));

    [Test]
    public void A_setting_without_effect_is_reported()
    {
        var step = new PolicyStep("balloon", TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10)) { Keep = false };

        Assert.That(Warnings(new Policy { Name = "p", Steps = [step] }), Has.One.Contains("'stall' has no effect").And.One.Contains("'keep: false' has no effect"));
    }

    private static Policy Chain(string name, string actors) =>
        new() { Name = name, Steps = [.. actors.Split(' ').Select(actor => new PolicyStep(actor, null, null))] };

    private static string[] Warnings(Policy policy, params Policy[] others) =>
        [.. Combinations.Warnings(policy, others.ToDictionary(other => other.Name), name => others.All(other => other.Name != name)).Select(warning => warning.Message)];
}
