using Actors.Host.Doctor;
using Actors.Host.Settings;
using Actors.Loading.Markers;
using Actors.Yaml;

namespace Actors.Host.Tests.Doctor;

internal sealed class PluginFindingsTests
{
    [Test]
    public void Settings_of_a_plugin_that_does_not_exist_are_listed_with_their_position_and_advice()
    {
        var settings = HostConfiguration.Parse("plugin_settings: { tmen: { x: 1 }, paging: { x: 1 } }", "/", new YamlProblems("actors.yaml"))!.PluginSettings!;

        var finding = PluginFindings.Of(settings, ["paging", "tmem"]).Single();

        Assert.That(finding.Status, Is.EqualTo(FindingStatus.Missing), "it is no error");
        Assert.That(finding.Text, Is.EqualTo("actors.yaml:1:20: there is no plugin 'tmen', so its settings have no effect; did you mean 'tmem'?"));
        Assert.That(finding.Advice, Does.Contain("fix the id"));
    }

    [Test]
    public void A_plugin_that_is_left_out_is_listed_with_the_reason_and_advice()
    {
        using var folder = new ScratchFolder();
        var file = Path.Combine(folder.Path, "in-progress");
        Assert.That(PluginFindings.Of(file), Is.Empty);
        for (var death = 0; death < 2; death++)
            WorkMarkers.Open(file, warning => Assert.Fail(warning), (_, _) => { }).Begin(WorkKind.Running, "acme", "0123");
        WorkMarkers.Open(file, warning => Assert.Fail(warning), (_, _) => { });

        var finding = PluginFindings.Of(file).Single();

        Assert.That(finding.Status, Is.EqualTo(FindingStatus.Missing));
        Assert.That(finding.Text, Does.StartWith("plugin 'acme': it is left out").And.Contain("actors plugin reload acme"));
        Assert.That(finding.Advice, Does.Contain("isolation"));
    }
}
