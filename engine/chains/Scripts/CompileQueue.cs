using Actors.Chains.Scripts.Compiling;

namespace Actors.Chains.Scripts;

/// <summary>
/// Compiles scripts in the background. One compiler takes them in order; when a script takes long, another compiler takes the next ones, so
/// that no script waits for a bad one.
/// </summary>
/// <param name="open">Starts a compiler.</param>
/// <param name="store">Receives the results.</param>
/// <param name="compiled">Called after each result, never twice at once.</param>
/// <param name="time">The clock.</param>
internal sealed class CompileQueue(Func<IScriptCompiler> open, ScriptStore store, Func<Task> compiled, TimeProvider time) : IAsyncDisposable
{
    private const int MaxCompilers = 6;

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Queue<ScriptSource> _waiting = new();
    private readonly HashSet<ScriptSource> _known = [];
    private readonly HashSet<IScriptCompiler> _compilers = [];
    private readonly HashSet<Task> _workers = [];
    private readonly SemaphoreSlim _reporting = new(1);
    private readonly CancellationTokenSource _stop = new();
    private int _free;

    /// <summary>Compiles scripts, unless they wait already.</summary>
    public void Add(IEnumerable<ScriptSource> sources)
    {
        lock (_gate)
        {
            foreach (var source in sources.Where(_known.Add))
                _waiting.Enqueue(source);
        }
        StartWorker();
    }

    public async ValueTask DisposeAsync()
    {
        Task[] workers;
        lock (_gate)
        {
            _stop.Cancel();
            foreach (var compiler in _compilers)
                compiler.Dispose();
            workers = [.. _workers];
        }
        await Task.WhenAll(workers);
    }

    // Unless one that is not busy with a long script takes the next one anyway.
    private void StartWorker()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0 || _free > 0 || _workers.Count >= MaxCompilers || _stop.IsCancellationRequested)
                return;
            _free++;
            var worker = Task.Run(WorkAsync);
            _workers.Add(worker);
            worker.ContinueWith(Remove, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private void Remove(Task worker)
    {
        lock (_gate)
            _workers.Remove(worker);
        StartWorker();
    }

    private async Task WorkAsync()
    {
        using var compiler = open();
        lock (_gate)
            _compilers.Add(compiler);
        while (Next() is { } source)
        {
            var compiling = compiler.CompileAsync(source);
            var slow = await Task.WhenAny(compiling, Task.Delay(Long, time)) != compiling;
            if (slow)
                Release();
            Keep(source, await compiling);
            await ReportAsync();
            if (slow)
                break;
        }
        lock (_gate)
            _compilers.Remove(compiler);
    }

    private ScriptSource? Next()
    {
        lock (_gate)
        {
            if (!_stop.IsCancellationRequested && _waiting.TryDequeue(out var source))
                return source;
            _free--;
            return null;
        }
    }

    private void Release()
    {
        lock (_gate)
            _free--;
        StartWorker();
    }

    private void Keep(ScriptSource source, CompiledScript result)
    {
        lock (_gate)
            _known.Remove(source);
        if (_stop.IsCancellationRequested)
            return;
        store.Add(source, result);
        if (result.Unknown)
            _ = TryAgainAsync(source);
    }

    private async Task TryAgainAsync(ScriptSource source)
    {
        await Task.Delay(TryAgainAfter, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        store.Forget(source);
        await ReportAsync();
    }

    private async Task ReportAsync()
    {
        await _reporting.WaitAsync();
        try
        {
            if (!_stop.IsCancellationRequested)
                await compiled();
        }
        finally
        {
            _reporting.Release();
        }
    }
}
