using Actors.Dispatch.Registry;
using Actors.Host.Daemon;
using Actors.Host.Tests.Loading.Containment;
using Actors.Loading;
using Actors.Loading.Containment;
using Actors.Sdk;

namespace Actors.Host.Tests.Loading;

/// <summary>In real time, on the daemon's threads: a thread that waits for more work must reference nothing of the plugin that it ran last.</summary>
internal sealed class UnloadedOnThreadsTests
{
    [Test]
    public async Task A_plugin_that_is_replaced_is_gone_from_memory_although_the_threads_that_ran_it_still_live()
    {
        using var root = new PluginRoot();
        root.Put();
        using var containment = PluginContainment.OnThreads(new RealServices().Services, new PluginLimits());
        var log = new Awaited(line => line.StartsWith("plugin sample 1.0 ", StringComparison.Ordinal));
        await using var catalog = PluginCatalog.Load(root.Path, new ActorDirectory(HostOptions.StandardPolicy), containment, TimeProvider.System, log);

        root.Put(build: 2);
        await catalog.ReloadAsync("sample", default);

        Assert.That(await log.Line.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System), Is.EqualTo("plugin sample 1.0 is unloaded, and gone from memory"));
    }

    private sealed class Awaited(Func<string, bool> wanted) : IActorLog
    {
        private readonly TaskCompletionSource<string> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Line => _line.Task;

        public void Debug(string message) => Add(message);

        public void Info(string message) => Add(message);

        public void Warn(string message) => Add(message);

        private void Add(string message)
        {
            if (wanted(message))
                _line.TrySetResult(message);
        }
    }
}
