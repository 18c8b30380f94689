using Actors.Dispatch.Files;
using Actors.Dispatch.Registry;
using Actors.Host.Daemon;
using Actors.Host.Logging;
using Actors.Host.Tests.Loading.Containment;
using Actors.Loading;
using Actors.Loading.Containment;

namespace Actors.Host.Tests.Loading;

/// <summary>With the kernel's notices, in real time.</summary>
internal sealed class PluginWatchTests
{
    [Test]
    public async Task The_kernels_notices_load_and_remove_a_plugin_before_any_rescan()
    {
        using var root = new PluginRoot();
        var directory = new ActorDirectory(HostOptions.StandardPolicy);
        await using var catalog = PluginCatalog.Load(
            root.Path, directory, PluginContainment.OnLoop(new RealServices().Services), TimeProvider.System, Log.Silent);
        var begun = TimeProvider.System.GetTimestamp();
        var loaded = Next(directory);
        await using var watch = new FolderWatch(root.Path, TimeProvider.System, notices: true, catalog.ScanAsync, Log.Silent);

        root.Put();
        await loaded.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        var loadedAfter = TimeProvider.System.GetElapsedTime(begun);
        var removed = Next(directory);
        Directory.Delete(root.Folder(), recursive: true);
        await removed.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

        Assert.That(directory.Actors, Is.Empty);
        Assert.That(loadedAfter, Is.LessThan(FolderWatch.RescanEvery));
    }

    private static Task Next(ActorDirectory directory)
    {
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        directory.Changed += () => changed.TrySetResult();
        return changed.Task;
    }
}
