using Actors.Host.Conformance;
using Actors.Loading.Files;
using Actors.Sdk.Testing;

namespace Actors.Host.Tests.Conformance;

internal sealed class PluginTrialTests
{
    private string _folder = "";

    public static IEnumerable<string> ShippedPlugins => Directory.EnumerateDirectories(ProgramFolder.Plugins);

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("plugin").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCaseSource(nameof(ShippedPlugins))]
    public void A_shipped_plugin_follows_every_rule(string folder) =>
        Assert.That(Try(folder).Where(finding => finding.Verdict == RuleVerdict.Fail), Is.Empty);

    [Test]
    public void The_plugin_of_the_template_which_has_a_mechanism_of_its_own_follows_every_rule() =>
        Assert.That(Try(Bad("vendor-actor")).Where(finding => finding.Verdict == RuleVerdict.Fail), Is.Empty);

    [TestCase("liar", "It reaches a target", "the hypervisor reports 1 GiB")]
    [TestCase("deaf", "When it is cancelled, it stops", "it did not return within 5 s")]
    [TestCase("keeps", "After a release, everything", "'memory/target-tot_pages' was absent before the run and is '524288' after the release")]
    [TestCase("patient", "If the guest refuses", "it did not return within 600 s")]
    [TestCase("crashes", "If the domain is destroyed", "InvalidOperationException: what now?")]
    [TestCase("crashes", "If its mechanism fails on first use", "InvalidOperationException: what now?")]
    [TestCase("crashes", "If the store stays unavailable", "InvalidOperationException: what now?")]
    [TestCase("real-time", "It waits only for", "for real time")]
    [TestCase("stray", "It throws nothing on its own threads", "InvalidOperationException: on a thread of its own")]
    [TestCase("leaks", "Unloaded, it is gone", "it is still there")]
    public void A_bad_plugin_fails_the_rule_that_it_breaks(string actor, string rule, string detail)
    {
        var finding = Try(Bad(actor)).Single(finding => finding.Rule.StartsWith(rule, StringComparison.Ordinal));

        Assert.Multiple(() =>
        {
            Assert.That(finding.Verdict, Is.EqualTo(RuleVerdict.Fail));
            Assert.That(finding.Detail, Does.Contain(detail));
        });
    }

    [Test]
    public void A_plugin_that_loops_forever_is_abandoned_and_the_other_rules_are_not_checked()
    {
        var findings = Try(Bad("spins")).ToList();

        Assert.Multiple(() =>
        {
            Assert.That(findings[0].Detail, Does.Contain("was abandoned"));
            Assert.That(findings[1].Detail, Does.StartWith("not checked, because the actor did not return from 'It reaches a target"));
            Assert.That(findings.Take(ActorRules.All.Count), Has.All.Property(nameof(PluginFinding.Verdict)).EqualTo(RuleVerdict.Fail));
        });
    }

    [Test]
    public void A_folder_that_is_not_a_plugin_is_rejected_with_the_reason() =>
        Assert.That(() => Try(_folder).ToList(), Throws.InstanceOf<PluginException>().With.Message.Contains("not a plugin: there is no plugin.yaml"));

    private static IEnumerable<PluginFinding> Try(string folder) => new PluginTrial(folder, TimeSpan.FromSeconds(3)).Run();

    private string Bad(string actor)
    {
        BadPluginFolder.Fill(_folder, actor);
        return _folder;
    }
}
