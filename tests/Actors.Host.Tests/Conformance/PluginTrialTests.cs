using Actors.Host.Conformance;
using Actors.Loading.Compatibility;
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
    public void A_shipped_plugin_keeps_every_rule(string folder) =>
        Assert.That(Try(folder).Where(finding => finding.Verdict == RuleVerdict.Fail), Is.Empty);

    [TestCase("liar", "It reaches a target", "the hypervisor says 1 GiB")]
    [TestCase("deaf", "Cancelled, it stops", "it has not ended after 5 s")]
    [TestCase("keeps", "Released, it has undone", "'memory/target-tot_pages' was absent, and after the release it is '524288'")]
    [TestCase("patient", "A guest that refuses", "it has not ended after 600 s")]
    [TestCase("crashes", "A domain that dies", "InvalidOperationException: what now?")]
    [TestCase("crashes", "A mechanism that fails", "InvalidOperationException: what now?")]
    [TestCase("crashes", "A store that stays away", "InvalidOperationException: what now?")]
    [TestCase("real-time", "It waits for nothing but", "for real time")]
    [TestCase("stray", "It throws nothing on threads", "InvalidOperationException: nobody hears me")]
    [TestCase("leaks", "Unloaded, it is gone", "it is still there")]
    public void A_bad_plugin_breaks_the_rule_that_is_meant_for_it(string actor, string rule, string detail)
    {
        var finding = Try(Bad(actor)).Single(finding => finding.Rule.StartsWith(rule, StringComparison.Ordinal));

        Assert.Multiple(() =>
        {
            Assert.That(finding.Verdict, Is.EqualTo(RuleVerdict.Fail));
            Assert.That(finding.Detail, Does.Contain(detail));
        });
    }

    [Test]
    public void A_plugin_that_spins_is_left_behind_and_the_rest_is_not_tried()
    {
        var findings = Try(Bad("spins")).ToList();

        Assert.Multiple(() =>
        {
            Assert.That(findings[0].Detail, Does.Contain("was left behind"));
            Assert.That(findings[1].Detail, Does.StartWith("not tried, because it did not come back from 'It reaches a target"));
            Assert.That(findings.Take(ActorRules.All.Count), Has.All.Property(nameof(PluginFinding.Verdict)).EqualTo(RuleVerdict.Fail));
        });
    }

    [Test]
    public void What_is_no_plugin_is_refused_in_words() =>
        Assert.That(() => Try(_folder).ToList(), Throws.InstanceOf<PluginException>().With.Message.Contains("not a plugin: there is no plugin.yaml"));

    private static IEnumerable<PluginFinding> Try(string folder) => new PluginTrial(folder, TimeSpan.FromSeconds(3)).Run();

    private string Bad(string actor)
    {
        foreach (var file in Directory.EnumerateFiles(ProgramFolder.BadPlugin))
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        var manifest = Path.Combine(_folder, Manifest.FileName);
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("[liar, deaf, keeps]", $"[{actor}]", StringComparison.Ordinal));
        return _folder;
    }
}
