using Actors.Host.Doctor;
using Actors.Loading.Markers;

namespace Actors.Host.Tests.Doctor;

internal sealed class PluginFindingsTests
{
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
