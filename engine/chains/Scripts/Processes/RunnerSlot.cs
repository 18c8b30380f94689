using Actors.Chains.Scripts.Running;
using Actors.Isolation.Processes;

namespace Actors.Chains.Scripts.Processes;

/// <summary>A place for a process that runs scripts: it starts when it is needed, and again when it has ended.</summary>
/// <param name="options">How the process is started.</param>
/// <param name="closed">Cancelled when no process may start any more.</param>
internal sealed class RunnerSlot(ScriptProcessOptions options, CancellationToken closed)
{
    private const string Unneeded = "it is not needed any more";
    private const string NotStarted = "the process of scripts cannot be started";
    private const int LongestSeconds = 60;

    private readonly Lock _gate = new();
    private Task<RunnerProcess>? _serving;
    private int _failedStarts;

    /// <summary>How many runs use it.</summary>
    public int Users { get; set; }

    /// <summary>The process that serves now, if there is one.</summary>
    public RunnerProcess? Serving => _serving is { IsCompletedSuccessfully: true, Result: var process } ? process : null;

    /// <summary>The process that serves, once it can.</summary>
    /// <exception cref="ScriptLostException">It cannot be started.</exception>
    public async Task<RunnerProcess> ServingAsync(CancellationToken cancellation)
    {
        Task<RunnerProcess> serving;
        lock (_gate)
        {
            if (_serving is null or { IsFaulted: true } or { IsCanceled: true } or { IsCompletedSuccessfully: true, Result.Ended.IsCompleted: true })
            {
                _failedStarts = _serving is null or { IsCompletedSuccessfully: true, Result.IsUseful: true } ? 0 : _failedStarts + 1;
                _serving = StartAsync(DelayAfter(_failedStarts));
            }
            serving = _serving;
        }
        return await serving.WaitAsync(cancellation);
    }

    /// <summary>Ends the process, now or when it has started.</summary>
    public void Close() => _serving?.ContinueWith(
        static started => started.Result.Kill(Unneeded), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private static TimeSpan DelayAfter(int failedStarts) =>
        failedStarts == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(LongestSeconds, 1 << Math.Min(failedStarts - 1, 10)));

    private async Task<RunnerProcess> StartAsync(TimeSpan delay)
    {
        if (delay > TimeSpan.Zero)
            options.Warn($"the process of scripts is started again in {delay.TotalSeconds:0} s");
        await Task.Delay(delay, TimeProvider.System, closed);
        var process = Create();
        _ = ReportAsync(process);
        try
        {
            await process.Ready;
            if (closed.IsCancellationRequested)
                process.Kill(Unneeded);
            return process;
        }
        catch (Exception error)
        {
            if (error is not ChildEndedException)
                process.Kill(error.Message);
            var end = await process.Ended;
            throw end.ByOthers ? new ScriptLostException($"the process of scripts {end.Describe()}") { IsExplained = true }
                : new ScriptLostException($"{NotStarted}: {(error is ChildEndedException ? $"it {end.Describe()}" : error.Message)}");
        }
    }

    private RunnerProcess Create()
    {
        try
        {
            return new RunnerProcess(options);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ScriptLostException($"{NotStarted}: {error.Message}");
        }
    }

    private async Task ReportAsync(RunnerProcess process)
    {
        var (blame, end) = (await process.Judged, await process.Ended);
        if (closed.IsCancellationRequested || end.Killed == Unneeded)
            return;
        var files = string.Join(", ", blame.Suspects.Select(script => script.File).Order(StringComparer.Ordinal));
        var suspects = files.Length == 0 ? "" : blame.IsCertain ? $" because of {files}" : $"; until it has ended well alone, each of these runs in a process of its own: {files}";
        options.Warn($"the process of scripts {end.Describe()}{suspects}");
    }
}
