using System.Runtime.InteropServices;
using Actors.Isolation.Messages;
using Actors.Isolation.Processes;
using Actors.Isolation.Remote;
using Actors.Isolation.Wire;

namespace Actors.Chains.Scripts.Processes;

/// <summary>A process for scripts, in either role: from its start to its end.</summary>
internal sealed class ScriptChild
{
    private readonly ChildGreeting _greeting;
    private readonly ScriptProcessOptions _options;
    private readonly ChildProcess _child;

    /// <param name="options">How it is started.</param>
    /// <param name="role">Its role.</param>
    /// <param name="build">The build that it must have.</param>
    /// <param name="limits">What it may use.</param>
    /// <param name="turn">The file of the word in which it publishes its turns; <see langword="null"/> if it has none.</param>
    /// <param name="stderr">Receives each line that it writes to stderr.</param>
    public ScriptChild(ScriptProcessOptions options, string role, string build, LimitsBody limits, string? turn, Action<string> stderr)
    {
        (_options, _greeting) = (options, new ChildGreeting(build));
        _child = ChildProcess.Start(new ChildStart(options.Program, [role], options.MemoryBytes, options.User?.Uid), role, Connect, stderr);
        Ready = ConfineAsync(role, new ConfineBody(limits, turn));
    }

    /// <summary>Completes when it serves.</summary>
    /// <exception cref="ChildEndedException">It ended.</exception>
    /// <exception cref="InvalidOperationException">It is another build of the program.</exception>
    public Task Ready { get; }

    /// <summary>Completes when the process has ended.</summary>
    public Task<EndOfProcess> Ended => _child.Ended;

    public int Id => _child.Id;

    public WireConnection Connection => _child.Connection;

    public void Kill(string why) => _child.Kill(why);

    private async Task ConfineAsync(string role, ConfineBody confine)
    {
        using var deadline = new Timer(_ => Kill($"it was not ready {_options.StartsAtMost.TotalSeconds:0} s after its start"), null, _options.StartsAtMost, Timeout.InfiniteTimeSpan);
        if (!await _greeting.FitsAsync(_child))
            throw new InvalidOperationException(ChildGreeting.Upgraded);
        var reply = await Connection.RequestAsync(Verb.Confine, Body.Of(confine, ScriptJson.Default.ConfineBody), _ => { }, CancellationToken.None);
        foreach (var limit in Body.Read(reply, WireJson.Default.LoadedBody).MissingLimits)
            _options.Warn($"the process '{role}' lacks a limit: {limit}");
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
