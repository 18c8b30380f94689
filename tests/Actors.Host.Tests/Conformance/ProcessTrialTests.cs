using Actors.Host.Conformance;
using Actors.Sdk.Testing;

namespace Actors.Host.Tests.Conformance;

/// <summary>A plugin cannot tell where it runs: the same rules hold in a process of its own. tests/conformance/run checks all of them.</summary>
internal sealed class ProcessTrialTests
{
    private static readonly string[] Quick = ["If the store stays unavailable", "If the domain is destroyed", "Without its mechanism", "If its mechanism fails on first use"];

    [TestCase("balloon")]
    [TestCase("paging")]
    public void A_plugin_follows_the_rules_in_a_process_of_its_own(string plugin)
    {
        var rules = ActorRules.All.Where(rule => Quick.Any(name => rule.Name.StartsWith(name, StringComparison.Ordinal))).ToList();

        var findings = new ProcessTrial(Path.Combine(ProgramFolder.Plugins, plugin), ProgramFolder.Program, rules).Run().ToList();

        Assert.That(findings.Where(finding => finding.Verdict == RuleVerdict.Fail), Is.Empty);
        Assert.That(findings.Count(finding => finding.Verdict == RuleVerdict.Pass), Is.GreaterThanOrEqualTo(Quick.Length - 1), "paging may not apply to one of them");
    }

    [Test]
    public void The_plugin_of_the_template_which_has_a_mechanism_of_its_own_follows_them_there_too()
    {
        string[] names = ["After a release, everything", "When it is superseded", "After a cancelled run", "Another instance", "Without its mechanism", "If the domain is destroyed"];
        using var plugin = new BadPluginFolder("vendor-actor");

        var findings = new ProcessTrial(plugin.Path, ProgramFolder.Program, [.. ActorRules.All.Where(rule => names.Any(name => rule.Name.StartsWith(name, StringComparison.Ordinal)))]).Run();

        Assert.That(findings.Select(finding => (finding.Rule, finding.Verdict, finding.Detail)), Has.All.Matches<(string, RuleVerdict Verdict, string)>(finding => finding.Verdict == RuleVerdict.Pass));
    }

    [Test]
    public void A_plugin_that_breaks_a_rule_fails_there_too()
    {
        var rules = ActorRules.All.Where(rule => rule.Name.StartsWith("If its mechanism fails on first use", StringComparison.Ordinal)).ToList();

        using var plugin = new BadPluginFolder("crashes");

        var findings = new ProcessTrial(plugin.Path, ProgramFolder.Program, rules).Run().ToList();

        Assert.That(findings[0].Detail, Does.Contain("what now?"));
    }
}
