using Actors.Chains.Scripts.Compiling;
using Actors.Isolation.Processes;
using Actors.Isolation.Wire;

namespace Actors.Chains.Scripts.Processes;

/// <summary>One run of a process that compiles.</summary>
internal sealed class CompilerProcess(ScriptProcessOptions options) : IDisposable
{
    private readonly ScriptChild _child = new(
        options, CompilerServer.Role, CompilerServer.Build, options.Limits with { ProcessorSeconds = options.CompilerSeconds }, turn: null, _ => { });

    /// <summary>How many scripts it has compiled.</summary>
    public int Compiled { get; private set; }

    /// <summary>Completes when the process has ended.</summary>
    public Task<EndOfProcess> Ended => _child.Ended;

    /// <inheritdoc cref="ScriptChild.Ready"/>
    public Task Ready => _child.Ready;

    /// <summary>Compiles a script. When the time is up, the process is killed.</summary>
    /// <exception cref="ChildEndedException">It ended before it was done.</exception>
    public async Task<CompiledScript> CompileAsync(ScriptSource source)
    {
        using var deadline = new Timer(_ => _child.Kill($"it compiled for {options.CompilesAtMost.TotalSeconds:0} s"), null, options.CompilesAtMost, Timeout.InfiniteTimeSpan);
        var reply = await _child.Connection.RequestAsync(Verb.Compile, Body.Of(source, ScriptJson.Default.ScriptSource), _ => { }, CancellationToken.None);
        Compiled++;
        return Body.Read(reply, ScriptJson.Default.CompiledScript);
    }

    public void Dispose() => _child.Kill("it is not needed any more");
}
