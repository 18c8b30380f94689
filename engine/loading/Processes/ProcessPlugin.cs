using System.Diagnostics.CodeAnalysis;
using Actors.Isolation.Messages;
using Actors.Isolation.Processes;
using Actors.Loading.Compatibility;
using Actors.Loading.Containment;
using Actors.Loading.Files;
using Actors.Loading.LoadContexts;
using Actors.Sdk;

namespace Actors.Loading.Processes;

/// <summary>A version of a plugin that runs in a process of its own, which is started again when it ends.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing.")]
internal sealed class ProcessPlugin : ILoadedPlugin
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly PluginFiles _files;
    private readonly ChildStart _start;
    private readonly LoadBody _load;
    private readonly PluginHealth _health;
    private readonly IActorLog _log;
    private readonly TimeProvider _time;
    private readonly IReadOnlyList<string> _names;
    private Task<PluginProcess> _serving;
    private PluginProcess? _newest;
    private int _starts;

    private ProcessPlugin(PluginFiles files, Manifest manifest, PluginProcessOptions options, PluginHealth health, IActorLog log, TimeProvider time)
    {
        (_files, _health, _log, _time, _names) = (files, health, log, time, manifest.Actors);
        var limits = options.LimitsOf(manifest);
        _start = new ChildStart(options.Program, [Child.PluginChild.Role], limits.MemoryKib * 1024);
        _load = new LoadBody(manifest.Id, files.Folder, files.Hash, limits);
        Actors = _names.ToDictionary(name => name, name => (IActor)new Calls(this, name));
        _serving = StartAsync();
    }

    public IReadOnlyDictionary<string, IActor> Actors { get; private set; }

    /// <summary>Completes when its first process serves.</summary>
    public Task Ready => _serving;

    public PluginProcessStatus? Process => _newest is { } newest
        ? new PluginProcessStatus(newest.Ended.IsCompleted ? 0 : newest.Id, _starts, newest.PrivateMemory, newest.MissingLimits)
        : new PluginProcessStatus(0, _starts, 0, []);

    public event Action? Restarted;

    /// <exception cref="PluginException">Its files cannot be copied.</exception>
    public static ProcessPlugin Load(PluginImage image, Manifest manifest, PluginProcessOptions options, PluginHealth health, IActorLog log, TimeProvider time) =>
        new(PluginFiles.Copy(image), manifest, options, health, log, time);

    public IUnloadedPlugin Unload()
    {
        _closed.Cancel();
        Actors = new Dictionary<string, IActor>();
        var last = _newest;
        last?.Kill("the plugin was unloaded");
        return new Unloaded(last, _files);
    }

    private async Task<PluginProcess> StartAsync()
    {
        _starts++;
        var process = await PluginProcess.StartAsync(_start, _load, _health, _log, _time, begun => _newest = begun);
        _ = WatchAsync(process);
        foreach (var limit in _starts == 1 ? process.MissingLimits : [])
            _log.Warn($"plugin '{_health.Id}': its process lacks a limit: {limit}");
        return process;
    }

    private async Task WatchAsync(PluginProcess process)
    {
        var end = await process.Ended;
        PluginFiles.RemoveOf(process.Id);
        if (!_closed.IsCancellationRequested)
            Down($"its process {end.Describe()}");
    }

    // Until it is started again, its calls fail at once, so that chains go on to their next step.
    private void Down(string what)
    {
        _health.Fault(what);
        var delay = PluginRestart.Delay(_health.Now.InARow);
        var why = _health.OutOfService ?? $"the plugin is down, because {what}; it is started again in {delay.TotalSeconds:0} s";
        lock (_gate)
            _serving = Task.FromException<PluginProcess>(new ProcessDownException(why));
        _ = _serving.Exception;
        if (_health.Now.Serves)
            _ = StartAgainAsync(delay);
    }

    private async Task StartAgainAsync(TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, _time, _closed.Token);
            var process = await StartAsync();
            lock (_gate)
                _serving = Task.FromResult(process);
            if (_closed.IsCancellationRequested)
                process.Kill("the plugin was unloaded");
            _log.Info($"plugin '{_health.Id}' is started again");
            Restarted?.Invoke();
        }
        catch (OperationCanceledException)
        {
            // Unloaded.
        }
        catch (PluginException error)
        {
            Down(error.Message);
        }
    }

    private async Task<PluginProcess> ServingAsync(CancellationToken cancellation)
    {
        Task<PluginProcess> serving;
        lock (_gate)
            serving = _serving;
        try
        {
            return await serving.WaitAsync(cancellation);
        }
        catch (PluginException error)
        {
            throw new ProcessDownException($"the plugin {error.Message}");
        }
    }

    /// <summary>One of its actors, in whichever process serves.</summary>
    private sealed class Calls(ProcessPlugin plugin, string name) : IActor
    {
        public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation) =>
            await new RemoteActor(name, await plugin.ServingAsync(cancellation)).ReachAsync(domain, request, cancellation);

        public async Task ReleaseAsync(IDomain domain, CancellationToken cancellation) =>
            await new RemoteActor(name, await plugin.ServingAsync(cancellation)).ReleaseAsync(domain, cancellation);

        public async ValueTask DisposeAsync()
        {
            if (plugin._serving is { IsCompletedSuccessfully: true, Result: var process } && !process.Ended.IsCompleted)
                await process.DisposeActorsAsync();
        }
    }

    private sealed class Unloaded(PluginProcess? last, PluginFiles files) : IUnloadedPlugin
    {
        public bool IsGone => last?.Ended.IsCompleted != false;

        public void CleanUp()
        {
            if (last is not null)
                PluginFiles.RemoveOf(last.Id);
            files.Dispose();
        }
    }
}
