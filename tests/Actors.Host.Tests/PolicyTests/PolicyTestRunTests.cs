using Actors.Chains.Files;
using Actors.Host.Daemon;
using Actors.Host.PolicyTests;
using Actors.Yaml;

namespace Actors.Host.Tests.PolicyTests;

internal sealed class PolicyTestRunTests
{
    private const string World = """
        world:
          domains:
            - { name: quick, memory: 1GiB, guest: { balloon: { rate: 200MiB/s } } }
            - { name: stuck, memory: 1GiB, guest: { balloon: refuses } }
        tests:

        """;

    [TestCaseSource(nameof(Shipped))]
    public void The_tests_of_the_shipped_policies_pass(string file)
    {
        foreach (var test in PolicyTestYaml.Parse(File.ReadAllText(file), ProgramFolder.Policies, new YamlProblems(file)))
        {
            var result = Play(test, Path.GetFileName(file)[..^PolicyFile.Test.Length]);
            Assert.That(result.Differences, Is.Empty, $"{test.Name}: {result.Observed}");
        }
    }

    [Test]
    public void Every_shipped_policy_has_tests()
    {
        var policies = Directory.EnumerateFiles(ProgramFolder.Policies).Where(file => !file.EndsWith(PolicyFile.Test, StringComparison.Ordinal));

        Assert.That(policies.Select(PolicyTestYaml.TestsOf), Is.All.Matches<string>(File.Exists));
    }

    [TestCase("outcome: short", "quick: expected short, and it was reached by balloon")]
    [TestCase("outcome: reached, by: paging", "quick: expected reached by paging, and it was reached by balloon")]
    [TestCase("outcome: reached, within: 1s", "quick: expected reached within 1s, and it took 2.")]
    [TestCase("outcome: reached, steps: [balloon, paging]", "expected the steps balloon → paging, but the steps were balloon")]
    [TestCase("outcome: reached, reason: by magic", "expected the reason to contain 'by magic', but it is: the balloon went from")]
    public void A_difference_is_reported(string expected, string difference)
    {
        var result = Play(Parse($"  - {{ name: t, domain: quick, target: 512MiB, {expected} }}").Tests.Single(), "balloon-then-paging");

        Assert.That(result.Differences.Single(), Does.StartWith(difference));
    }

    [Test]
    public void A_test_with_a_time_limit_waits_for_a_retry()
    {
        var problems = new YamlProblems("t.test.yaml");
        var test = PolicyTestYaml.Parse("""
            world:
              host: { memory: 3584MiB, dom0_memory: 512MiB }
              domains:
                - { name: a, memory: 1GiB, static_max: 2GiB }
                - { name: b, memory: 2GiB }
              events:
                - { at: 60s, domain: b, do: destroy }
            tests:
              - { name: grows when memory comes free, domain: a, target: 2GiB, at: 5s, outcome: reached, within: 5m }
            """, "", problems).Single();

        var result = Play(test, "balloon-then-paging");
        Assert.That(result.Differences, Is.Empty, result.Observed);
    }

    [Test]
    public void All_mistakes_in_a_test_are_reported()
    {
        var problems = Parse("  - { name: t, domain: quik, target: 512, outcome: reachd, clock: noon }").Problems;

        Assert.That(problems, Has.Length.EqualTo(4)
            .And.One.Contains("'domain': no such domain (did you mean 'quick'?)").And.One.Contains("the unit is missing")
            .And.One.Contains("'outcome': expected one of").And.One.Contains("expected a time such as 23:30"));
    }

    [TestCase("tests: [{ name: t, target: 1MiB, outcome: short }]", "there is no 'world'")]
    [TestCase("world: {}\ntests: []", "'tests' is missing")]
    [TestCase("domains: []\ntests: []", "'domains' belongs in 'world'")]
    [TestCase(World + "  - { name: t, target: 512MiB, outcome: reached }", "'domain' is missing: it must be one of quick, stuck")]
    public void Tests_that_lack_something_are_rejected(string text, string problem)
    {
        var problems = new YamlProblems("t.test.yaml");
        PolicyTestYaml.Parse(text, "", problems);

        Assert.That(problems.InOrder.Select(one => one.Message), Has.One.Contains(problem));
    }

    private static IEnumerable<string> Shipped() => Directory.EnumerateFiles(ProgramFolder.Policies, "*" + PolicyFile.Test);

    private static (IReadOnlyList<PolicyTest> Tests, string[] Problems) Parse(string row)
    {
        var problems = new YamlProblems("t.test.yaml");
        return (PolicyTestYaml.Parse(World + row, "", problems), [.. problems.InOrder.Select(problem => problem.Message)]);
    }

    private static PolicyTestResult Play(PolicyTest test, string policy) =>
        new PolicyTestRun(test, policy, new HostOptions { PluginFolder = ProgramFolder.Plugins, PolicyFolder = ProgramFolder.Policies }).Play();
}
