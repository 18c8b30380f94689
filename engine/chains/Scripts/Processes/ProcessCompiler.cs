using Actors.Chains.Scripts.Compiling;
using Actors.Isolation.Processes;
using Actors.Isolation.Wire;

namespace Actors.Chains.Scripts.Processes;

/// <summary>
/// Compiles scripts one at a time in a process that starts with the first one, and ends when none has come for a while. A script that ends
/// a process which has compiled others before is tried again in a new one, so that no script is blamed for another.
/// </summary>
internal sealed class ProcessCompiler(ScriptProcessOptions options) : IScriptCompiler
{
    // The processor time of a process is limited, and its memory grows.
    private const int MostPerProcess = 20;

    private static readonly TimeSpan IdleAtMost = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _one = new(1);
    private Timer? _idle;
    private CompilerProcess? _process;

    public async Task<CompiledScript> CompileAsync(ScriptSource source)
    {
        await _one.WaitAsync();
        try
        {
            while (true)
            {
                if (_process is { Compiled: >= MostPerProcess })
                    Drop();
                var process = _process ??= new CompilerProcess(options);
                if (await TryAsync(process, source) is { } compiled)
                    return compiled;
            }
        }
        finally
        {
            _idle?.Dispose();
            _idle = new Timer(_ => EndIdle(), null, IdleAtMost, Timeout.InfiniteTimeSpan);
            _one.Release();
        }
    }

    public void Dispose()
    {
        _idle?.Dispose();
        Drop();
    }

    private void EndIdle()
    {
        if (!_one.Wait(0))
            return;
        Drop();
        _one.Release();
    }

    // Nothing: the process ended, and has compiled other scripts before.
    private async Task<CompiledScript?> TryAsync(CompilerProcess process, ScriptSource source)
    {
        try
        {
            await process.Ready;
        }
        catch (Exception error)
        {
            var why = error is ChildEndedException ? $"its process {(await process.Ended).Describe()}" : error.Message;
            Drop();
            return Failed(source, $"the compiler could not be started: {why}") with { Unknown = true };
        }
        try
        {
            return await process.CompileAsync(source);
        }
        catch (Exception error) when (error is ChildEndedException or RemoteException or WireException)
        {
            var end = error is ChildEndedException ? await process.Ended : null;
            Drop();
            if (process.Compiled > 0)
                return null;
            if (end is null)
                return Failed(source, $"the compiler failed on this script: {(error as RemoteException)?.Error.Type}: {error.Message}; it is not compiled again until it changes") with { BrokeCompiler = true };
            // What the kernel killed may compile when there is more memory, and what took too long by the clock without using up its processor
            // time, when the machine is less busy.
            return end.FromOutside
                ? Failed(source, $"the compiler {end.Describe()}") with { Unknown = true }
                : Failed(source, $"the compiler {end.Describe()} when it compiled this script; it is not compiled again until it changes") with { BrokeCompiler = true };
        }
    }

    private void Drop()
    {
        _process?.Dispose();
        _process = null;
    }

    private static CompiledScript Failed(ScriptSource source, string message) => new(null, [source.Problem(0, 0, message)]);
}
