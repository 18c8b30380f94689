using System.Runtime.InteropServices;
using Actors.Chains.Scripts.Compiling;
using Actors.Isolation.Messages;
using Actors.Isolation.Processes;
using Actors.Isolation.Remote;
using Actors.Isolation.Wire;

namespace Actors.Chains.Scripts.Processes;

/// <summary>One run of a process that compiles.</summary>
internal sealed class CompilerProcess : IDisposable
{
    private readonly ChildGreeting _greeting = new(CompilerServer.Build);
    private readonly ScriptProcessOptions _options;
    private readonly ChildProcess _child;
    private readonly Task _ready;

    public CompilerProcess(ScriptProcessOptions options)
    {
        _options = options;
        var start = new ChildStart(options.Program, [CompilerServer.Role], options.MemoryBytes, options.User?.Uid);
        _child = ChildProcess.Start(start, "compiles scripts", Connect, _ => { });
        _ready = ConfineAsync();
    }

    /// <summary>How many scripts it has compiled.</summary>
    public int Compiled { get; private set; }

    /// <summary>Completes when the process has ended.</summary>
    public Task<EndOfProcess> Ended => _child.Ended;

    /// <summary>Completes when it can compile.</summary>
    /// <exception cref="ChildEndedException">It ended.</exception>
    /// <exception cref="InvalidOperationException">It is another build of the program.</exception>
    public Task Ready => _ready;

    /// <summary>Compiles a script. When the time is up, the process is killed.</summary>
    /// <exception cref="ChildEndedException">It ended before it was done.</exception>
    public async Task<CompiledScript> CompileAsync(ScriptSource source)
    {
        using var deadline = new Timer(_ => Kill($"it compiled for {_options.CompilesAtMost.TotalSeconds:0} s"), null, _options.CompilesAtMost, Timeout.InfiniteTimeSpan);
        var reply = await _child.Connection.RequestAsync(Verb.Compile, Body.Of(source, ScriptJson.Default.ScriptSource), _ => { }, CancellationToken.None);
        Compiled++;
        return Body.Read(reply, ScriptJson.Default.CompiledScript);
    }

    public void Kill(string why) => _child.Kill(why);

    public void Dispose() => Kill("it is not needed any more");

    private async Task ConfineAsync()
    {
        using var deadline = new Timer(_ => Kill($"it was not ready {_options.StartsAtMost.TotalSeconds:0} s after its start"), null, _options.StartsAtMost, Timeout.InfiniteTimeSpan);
        if (!await _greeting.FitsAsync(_child))
            throw new InvalidOperationException(ChildGreeting.Upgraded);
        var limits = _options.Limits with { ProcessorSeconds = _options.CompilerSeconds };
        var reply = await _child.Connection.RequestAsync(Verb.Confine, Body.Of(limits, WireJson.Default.LimitsBody), _ => { }, CancellationToken.None);
        foreach (var limit in Body.Read(reply, WireJson.Default.LoadedBody).MissingLimits)
            _options.Warn($"the process that compiles scripts lacks a limit: {limit}");
    }

    private WireConnection Connect(ChildProcess child, Stream input, SafeHandle output) => new(input, output)
    {
        Answer = (frame, _) => throw new WireException($"it requested '{frame.Verb}'"),
        Notice = frame =>
        {
            if (frame.Verb != Verb.Hello)
                throw new WireException($"it sent the notice '{frame.Verb}'");
            _greeting.Receive(frame);
        },
        Restore = Errors.Restore,
        Broken = why => child.Kill($"it broke the protocol: {why}"),
    };
}
