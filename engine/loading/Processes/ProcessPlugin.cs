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
    private readonly TaskCompletionSource<PluginProcess> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
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
            SavesMemory = true,
            MakeGroup = options.Groups is { } groups ? () => groups.Create(GroupLimits.Of(limits.MemoryKib * 1024)) : null,
        };
        _load = new LoadBody(files.Folder, files.Hash, limits) { Settings = settings, Speed = options.Speed };
        Actors = manifest.Actors.ToDictionary(name => name, name => (IActor)new RemoteActor(name, this));
        _serving = _first.Task;
        _ = BeginAsync(TimeSpan.Zero);
    }

    public IReadOnlyDictionary<string, IActor> Actors { get; private set; }

    /// <summary>Completes when its first process serves.</summary>
    public Task Ready => _ready.Task;

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

    /// <summary>Those of its newest process that could load it.</summary>
    public IReadOnlyList<string> OwnMechanisms { get; private set; } = [];

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
        Refuse(new PluginException("was unloaded before it was loaded"));
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
        return await serving.WaitAsync(cancellation);
    }

    /// <summary>Has its actors disposed of, if its process runs.</summary>
    public ValueTask DisposeActorsAsync() => _serving is { IsCompletedSuccessfully: true, Result: var process } && !process.Ended.IsCompleted ? process.DisposeActorsAsync() : default;

    private async Task<PluginProcess> StartAsync()
    {
        _starts++;
        _metrics.Begin();
        PluginProcess? begun = null;
        PluginProcess process;
        try
        {
            process = await PluginProcess.StartAsync(_start, _load, _health, _log, _time, starting => _newest = begun = starting, _metrics.Report);
        }
        catch (PluginException)
        {
            PrivateCopy.RemoveOf(begun!.Id);
            throw;
        }
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
            Down($"its process {end.Describe()}", end);
    }

    // Until it is started again, its calls fail at once, so that chains go on to their next step. Somebody else's kill is no fault of its own.
    private void Down(string what, EndOfProcess? end)
    {
        if (end is { ByOthers: true })
            _health.Killed(what);
        else
            _health.Fault(what);
        var delay = PluginRestart.Delay(_health.Now);
        var why = _health.OutOfService ?? $"the plugin is down, because {what}; it is started again in {delay.TotalSeconds:0} s";
        Fail(new ProcessDownException(why));
        if (_health.Now.Serves)
            _ = BeginAsync(delay);
    }

    private void Fail(Exception error)
    {
        var failed = Task.FromException<PluginProcess>(error);
        _ = failed.Exception;
        lock (_gate)
            _serving = failed;
        if (_first.TrySetException(error))
            _ = _first.Task.Exception;
    }

    // Whether it had not been ready before.
    private bool Refuse(PluginException error)
    {
        var refused = _ready.TrySetException(error);
        _ = _ready.Task.Exception;
        return refused;
    }

    private async Task BeginAsync(TimeSpan delay)
    {
        try
        {
            if (delay > TimeSpan.Zero)
                await Task.Delay(delay, _time, _closed.Token);
            Serve(await StartAsync());
        }
        catch (OperationCanceledException)
        {
            // Unloaded.
        }
        catch (PluginException error) when (_closed.IsCancellationRequested)
        {
            Fail(new ProcessDownException($"the plugin {error.Message}"));
        }
        catch (PluginStartException error) when (_ready.Task.IsCompleted || error.End.Killed is null)
        {
            Down(error.Message, error.End);
            if (!_health.Now.Serves)
                Refuse(error);
        }
        catch (PluginException error)
        {
            // The first process could not load it, and the next one could not either.
            if (Refuse(error))
                Fail(new ProcessDownException($"the plugin {error.Message}"));
            else
                Down(error.Message, null);
        }
    }

    private void Serve(PluginProcess process)
    {
        OwnMechanisms = process.OwnMechanisms;
        lock (_gate)
            _serving = Task.FromResult(process);
        var again = !_first.TrySetResult(process);
        if (_closed.IsCancellationRequested)
            process.Kill("the plugin was unloaded");
        var first = _ready.TrySetResult();
        if (!again)
            return;
        _log.Info($"plugin '{_health.Id}' {(first ? "is started" : "is started again")}");
        Restarted?.Invoke();
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
