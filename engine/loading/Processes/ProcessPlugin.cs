using System.Diagnostics.CodeAnalysis;
using Actors.Isolation.Groups;
using Actors.Isolation.Messages;
using Actors.Isolation.Processes;
using Actors.Loading.Compatibility;
using Actors.Loading.Containment;
using Actors.Loading.Files;
using Actors.Loading.LoadContexts;
using Actors.Loading.Metrics;
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
    private readonly KeptMetrics _metrics = new();
    private volatile LoadBody _load;
    private readonly PluginHealth _health;
    private readonly IActorLog _log;
    private readonly TimeProvider _time;
    private Task<PluginProcess> _serving;
    private PluginProcess? _newest;
    private int _starts;

    private ProcessPlugin(
        PluginFiles files, Manifest manifest, PluginProcessOptions options, SettingsBody? settings, PluginHealth health, IActorLog log, TimeProvider time)
    {
        (_files, _health, _log, _time) = (files, health, log, time);
        var limits = options.LimitsOf(manifest);
        _start = new ChildStart(options.Program, [Child.PluginChild.Role], limits.MemoryKib * 1024, limits.User?.Uid)
        {
            MakeGroup = options.Groups is { } groups ? () => groups.Create(GroupLimits.Of(limits.MemoryKib * 1024)) : null,
        };
        _load = new LoadBody(files.Folder, files.Hash, limits) { Settings = settings, Speed = options.Speed };
        Actors = manifest.Actors.ToDictionary(name => name, name => (IActor)new RemoteActor(name, this));
        _serving = StartAsync();
    }

    public IReadOnlyDictionary<string, IActor> Actors { get; private set; }

    /// <summary>Completes when its first process serves.</summary>
    public Task Ready => _serving;

    public PluginProcessStatus? Process => _newest is { } newest
        ? new PluginProcessStatus(newest.Ended.IsCompleted ? 0 : newest.Id, _starts, newest.PrivateMemory, newest.MissingLimits) { Group = newest.GroupLimits?.ToString() }
        : new PluginProcessStatus(0, _starts, 0, []);

    public IReadOnlyList<PluginMetric> Metrics => _metrics.All;

    public event Action? Restarted;

    /// <exception cref="PluginException">Its files cannot be copied.</exception>
    public static ProcessPlugin Load(
        PluginImage image, Manifest manifest, PluginProcessOptions options, SettingsBody? settings, PluginHealth health, IActorLog log, TimeProvider time) =>
        new(PluginFiles.Copy(image), manifest, options, settings, health, log, time);

    public bool ObservesDomains => _serving is { IsCompletedSuccessfully: true, Result.ObservesDomains: true };

    public async Task NotifyAsync(DomainIdentity domain, bool exists, CancellationToken cancellation) =>
        await (await ServingAsync(cancellation)).NotifyAsync(domain, exists, cancellation);

    public IReadOnlyList<string> OwnMechanisms => _serving is { IsCompletedSuccessfully: true, Result: var process } ? process.OwnMechanisms : [];

    // A process that has ended took its mechanisms with it.
    public Task EndDomainAsync(DomainIdentity domain, CancellationToken cancellation) => _serving is { IsCompletedSuccessfully: true, Result: var process } && !process.Ended.IsCompleted
        ? process.EndDomainAsync(domain, cancellation) : Task.CompletedTask;

    /// <summary>Does nothing: they are disposed of together with the actors.</summary>
    public Task EndMechanismsAsync() => Task.CompletedTask;

    // A process that is started later gets what the newest one accepted.
    public async Task<IReadOnlyList<string>> ConfigureAsync(SettingsBody? settings)
    {
        var problems = _serving is { IsCompletedSuccessfully: true, Result: var process } && !process.Ended.IsCompleted ? await process.ConfigureAsync(settings) : [];
        if (problems.Count == 0)
            _load = _load with { Settings = settings };
        return problems;
    }

    public IUnloadedPlugin Unload()
    {
        _closed.Cancel();
        Actors = new Dictionary<string, IActor>();
        var last = _newest;
        last?.Kill("the plugin was unloaded");
        return new Unloaded(last, _files);
    }

    /// <summary>The process that serves, once it can.</summary>
    /// <exception cref="ProcessDownException">There is none now.</exception>
    public async Task<PluginProcess> ServingAsync(CancellationToken cancellation)
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

    /// <summary>Has its actors disposed of, if its process runs.</summary>
    public ValueTask DisposeActorsAsync() => _serving is { IsCompletedSuccessfully: true, Result: var process } && !process.Ended.IsCompleted ? process.DisposeActorsAsync() : default;

    private async Task<PluginProcess> StartAsync()
    {
        _starts++;
        _metrics.Begin();
        var process = await PluginProcess.StartAsync(_start, _load, _health, _log, _time, begun => _newest = begun, _metrics.Report);
        _ = WatchAsync(process);
        foreach (var limit in _starts == 1 ? process.MissingLimits : [])
            _log.Warn($"plugin '{_health.Id}': its process lacks a limit: {limit}");
        return process;
    }

    private async Task WatchAsync(PluginProcess process)
    {
        var end = await process.Ended;
        PrivateCopy.RemoveOf(process.Id);
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

    private sealed class Unloaded(PluginProcess? last, PluginFiles files) : IUnloadedPlugin
    {
        public bool IsGone => last?.Ended.IsCompleted != false;

        public void CleanUp()
        {
            if (last is not null)
                PrivateCopy.RemoveOf(last.Id);
            files.Dispose();
        }
    }
}
