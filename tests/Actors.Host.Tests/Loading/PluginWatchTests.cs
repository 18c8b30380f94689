using Actors.Dispatch.Registry;
using Actors.Host.Daemon;
using Actors.Host.Logging;
using Actors.Host.Tests.Loading.Containment;
using Actors.Loading;
using Actors.Loading.Containment;

namespace Actors.Host.Tests.Loading;

/// <summary>With the kernel's own events, in real time.</summary>
internal sealed class PluginWatchTests
{
    [Test]
    public async Task Events_bring_a_plugin_in_and_out_before_any_rescan()
    {
        using var root = new PluginRoot();
        var directory = new ActorDirectory(HostOptions.StandardPolicy);
        await using var catalog = PluginCatalog.Load(
            root.Path, directory, PluginContainment.OnLoop(new RealGround().Ground), TimeProvider.System, Log.Silent);
        var begun = TimeProvider.System.GetTimestamp();
        var came = Next(directory);
        await using var watch = new PluginWatch(catalog, TimeProvider.System, Log.Silent);

        root.Put();
        await came.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        var loadedAfter = TimeProvider.System.GetElapsedTime(begun);
        var went = Next(directory);
        Directory.Delete(root.Folder(), recursive: true);
        await went.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

        Assert.That(directory.Actors, Is.Empty);
        Assert.That(loadedAfter, Is.LessThan(PluginWatch.RescanEvery));
    }

    private static Task Next(ActorDirectory directory)
    {
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        directory.Changed += () => changed.TrySetResult();
        return changed.Task;
    }
}
