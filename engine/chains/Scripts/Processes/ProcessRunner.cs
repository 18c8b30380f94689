using Actors.Chains.Scripts.Compiling;
using Actors.Chains.Scripts.Running;

namespace Actors.Chains.Scripts.Processes;

/// <summary>
/// Runs all scripts in one process. A script that may have ended the process runs in one of its own until a run of it ended well there, so that
/// no script is blamed for another, and none suffers twice.
/// </summary>
internal sealed class ProcessRunner : IScriptRunner
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly Dictionary<HostedScript, RunnerSlot> _own = [];
    private readonly ScriptProcessOptions _options;
    private readonly RunnerSlot _shared;
    private long _numbers;

    public ProcessRunner(ScriptProcessOptions options) => (_options, _shared) = (options, new RunnerSlot(options, _closed.Token));

    /// <summary>The process that all scripts share; <see langword="null"/> if there is none now.</summary>
    public RunnerProcess? Shared => _shared.Serving;

    public IScript Load(ScriptSource source, ScriptImage image) => new RemoteScript(this, new HostedScript(NextNumber(), source.File), source, image);

    /// <summary>A number for a script or a run.</summary>
    public long NextNumber() => Interlocked.Increment(ref _numbers);

    public void Dispose()
    {
        _closed.Cancel();
        lock (_gate)
        {
            foreach (var slot in _own.Values.Append(_shared))
                slot.Close();
        }
    }

    /// <summary>Where a script runs now. It stays there until <see cref="Leave"/>.</summary>
    /// <exception cref="ScriptFaultException">The script has ended a process for certain.</exception>
    public RunnerSlot Enter(HostedScript script)
    {
        if (script.Blamed is { } what)
            throw new ScriptFaultException(what, runaway: true);
        if (!script.RunsAlone)
            return _shared;
        lock (_gate)
        {
            if (!_own.TryGetValue(script, out var slot))
                slot = _own[script] = new RunnerSlot(_options, _closed.Token);
            slot.Users++;
            return slot;
        }
    }

    /// <summary>A run has left its place.</summary>
    /// <param name="script">The script.</param>
    /// <param name="slot">Where it ran.</param>
    /// <param name="endedWell">Whether it ran to its end.</param>
    public void Leave(HostedScript script, RunnerSlot slot, bool endedWell)
    {
        if (slot == _shared)
            return;
        if (endedWell)
            script.Clear();
        lock (_gate)
        {
            if (--slot.Users > 0)
                return;
            _own.Remove(script);
            slot.Close();
        }
    }

    /// <summary>Waits for an answer of the process; on a simulated clock, on the thread of the caller.</summary>
    public Task<T> WaitAsync<T>(Func<Task<T>> ask)
    {
        if (!_options.Blocks)
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
}
