using Actors.Chains.Scripts.Compiling;
using Actors.Chains.Scripts.Running;
using Actors.Isolation.Processes;

namespace Actors.Chains.Scripts.Processes;

/// <summary>Runs scripts in a process that starts with the first run, and is started again when it ends.</summary>
internal sealed class ProcessRunner(ScriptProcessOptions options) : IScriptRunner
{
    private const int LongestSeconds = 60;

    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closed = new();
    private Task<RunnerProcess>? _serving;
    private DateTimeOffset _lastEnd;
    private int _ends;
    private long _numbers;

    /// <summary>The process that serves; 0 if there is none.</summary>
    public int ProcessId => _serving is { IsCompletedSuccessfully: true, Result: var process } ? process.Id : 0;

    public IScript Load(ScriptSource source, ScriptImage image) => new RemoteScript(this, Next(), source, image);

    /// <summary>A number for a script or a run.</summary>
    public long Next() => Interlocked.Increment(ref _numbers);

    public void Dispose()
    {
        _closed.Cancel();
        if (_serving is { IsCompletedSuccessfully: true, Result: var process })
            process.Kill("it is not needed any more");
    }

    /// <summary>The process that serves, once it can.</summary>
    /// <exception cref="ScriptFaultException">It cannot be started.</exception>
    /// <exception cref="ScriptLostException">Somebody killed it before it served.</exception>
    public async Task<RunnerProcess> ServingAsync(CancellationToken cancellation)
    {
        Task<RunnerProcess> serving;
        lock (_gate)
            serving = _serving is null or { IsFaulted: true } or { IsCanceled: true } or { IsCompletedSuccessfully: true, Result.Ended.IsCompleted: true } ? _serving = StartAsync(DelayAfter(_ends)) : _serving;
        return await serving.WaitAsync(cancellation);
    }

    /// <summary>The process that serves now, if there is one.</summary>
    public RunnerProcess? Serving => _serving is { IsCompletedSuccessfully: true, Result: var process } ? process : null;

    /// <summary>Waits for an answer of the process; on a simulated clock, on the thread of the caller.</summary>
    public Task<T> WaitAsync<T>(Func<Task<T>> ask)
    {
        if (!options.Blocks)
            return ask();
        try
        {
            return Task.FromResult(Task.Run(ask).GetAwaiter().GetResult());
        }
        catch (Exception error)
        {
            return Task.FromException<T>(error);
        }
    }

    // The first end costs no delay, so that the runs of innocent scripts continue at once.
    private static TimeSpan DelayAfter(int ends) => ends <= 1 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(LongestSeconds, 1 << Math.Min(ends - 2, 10)));

    private async Task<RunnerProcess> StartAsync(TimeSpan delay)
    {
        await Task.Delay(delay, TimeProvider.System, _closed.Token);
        var process = new RunnerProcess(options);
        _ = WatchAsync(process);
        try
        {
            await process.Ready;
            if (_closed.IsCancellationRequested)
                process.Kill("it is not needed any more");
            return process;
        }
        catch (Exception error)
        {
            if (error is not ChildEndedException)
                process.Kill(error.Message);
            var end = await process.Ended;
            throw end.ByOthers ? new ScriptLostException($"the process of scripts {end.Describe()}") { ByOthers = true }
                : new ScriptFaultException($"the process of scripts cannot be started: {(error is ChildEndedException ? $"it {end.Describe()}" : error.Message)}", runaway: false);
        }
    }

    private async Task WatchAsync(RunnerProcess process)
    {
        var end = await process.Ended;
        if (_closed.IsCancellationRequested)
            return;
        var now = TimeProvider.System.GetUtcNow();
        lock (_gate)
        {
            _ends = now - _lastEnd > Forgotten ? 1 : _ends + 1;
            _lastEnd = now;
            if (Serving == process)
                _serving = null;
        }
        options.Warn($"the process of scripts {end.Describe()}; it is started again when a script runs, after {DelayAfter(_ends).TotalSeconds:0} s");
    }
}
