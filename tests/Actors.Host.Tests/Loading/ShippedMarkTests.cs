using Actors.Loading.Compatibility;

namespace Actors.Host.Tests.Loading;

internal sealed class ShippedMarkTests
{
    [Test]
    public void Every_plugin_that_ships_has_the_mark_so_it_runs_on_the_threads_of_the_host() =>
        Assert.That(Directory.EnumerateDirectories(ProgramFolder.Plugins).Select(folder => Candidate.Read(folder).IsShipped), Is.All.True);

    [Test]
    public void A_plugin_of_a_vendor_has_no_mark()
    {
        using var root = new PluginRoot();
        root.Put();

        Assert.That(Candidate.Read(root.Folder()).IsShipped, Is.False);
    }
}
