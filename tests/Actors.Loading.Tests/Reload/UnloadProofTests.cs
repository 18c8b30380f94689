using Actors.Loading.Files;
using Actors.Loading.LoadContexts;
using Actors.Loading.Reload;
using NSubstitute;

namespace Actors.Loading.Tests.Reload;

internal sealed class UnloadProofTests
{
    [Test]
    public async Task A_host_that_stops_does_not_wait_for_a_plugin_that_stays_in_memory()
    {
        using var plugin = new PluginFolder();
        var code = new object();
        var unloaded = new UnloadedPlugin(new WeakReference(code), PrivateCopy.Of(PluginImage.Read(PluginListing.Of(plugin.Path)!)));
        using var stopping = new CancellationTokenSource();
        stopping.Cancel();

        // No time passes on this clock, so a proof that pauses would never end.
        var proof = UnloadProof.IsGoneAsync(unloaded, Substitute.For<TimeProvider>(), stopping.Token);

        Assert.That(proof.IsCompleted, Is.True);
        Assert.That(await proof, Is.False);
        unloaded.CleanUp();
        GC.KeepAlive(code);
    }
}
