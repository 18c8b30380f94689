using System.Collections.Concurrent;
using Actors.Chains.Scripts.Running;
using Actors.Isolation.Child;
using Actors.Isolation.Messages;
using Actors.Isolation.Processes;
using Actors.Isolation.Sandbox;
using Actors.Isolation.Wire;
using Actors.Scripting;

namespace Actors.Chains.Scripts.Processes;

/// <summary>
/// Runs scripts for the daemon. One thread takes their turns, one after the other, and publishes the number of each while it runs, so that the
/// daemon knows which one ran when the process ended. Whatever may run code of a script is a turn.
/// </summary>
internal sealed class RunnerServer : IChildServer
{
    /// <summary>The first argument of the program in this role.</summary>
    public const string Role = "script-runner";

    // Far larger than what the guard allows, so that it finds a recursion first. The runtime takes long to describe the overflow of a large one.
    private const int StackBytes = 4 << 20;

    private readonly BlockingCollection<Action> _turns = [];
    private readonly Dictionary<long, ScriptProgram> _scripts = [];
    private readonly Dictionary<long, ScriptExecution> _runs = [];
    private readonly TurnWatch _watch = new();
    private readonly int _parent;

    public RunnerServer(int parent)
    {
        _parent = parent;
        new Thread(Work, StackBytes) { IsBackground = true, Name = "scripts" }.Start();
    }

    public static string Build => ProgramBuild.Of(typeof(RunnerServer));

    public static int Run(IReadOnlyList<string> arguments) => ChildRole.Run(arguments, Build, (parent, _) => new RunnerServer(parent));

    public ValueTask<ReadOnlyMemory<byte>> AnswerAsync(Frame frame, CancellationToken cancellation)
    {
        if (frame.Verb == Verb.Confine)
            return ValueTask.FromResult(Body.Of(new LoadedBody(Confine(Body.Read(frame, ScriptJson.Default.ConfineBody))), WireJson.Default.LoadedBody));
        var done = new TaskCompletionSource<ReadOnlyMemory<byte>>();
        _turns.Add(() => Take(frame, done, cancellation), CancellationToken.None);
        return new ValueTask<ReadOnlyMemory<byte>>(done.Task);
    }

    // It opens the word before it becomes another user, who may not.
    private IReadOnlyList<string> Confine(ConfineBody body)
    {
        var missing = new List<string>();
        _watch.Slowness = body.Limits.Slowness;
        try
        {
            _watch.Published = SharedWord.Open(body.Turn!);
            _watch.Published.Value = 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            missing.Add($"which script runs: {error.Message}");
        }
        return [.. missing, .. Confinement.Apply(body.Limits, _parent)];
    }

    private void Work()
    {
        foreach (var turn in _turns.GetConsumingEnumerable())
            turn();
    }

    private void Take(Frame frame, TaskCompletionSource<ReadOnlyMemory<byte>> done, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> answer = default;
        Exception? failed = null;
        _watch.Begin(frame.Number);
        try
        {
            answer = Take(frame, cancellation);
        }
        catch (OutOfMemoryException)
        {
            Environment.FailFast("Out of memory.");
        }
        catch (Exception error)
        {
            failed = error;
        }
        _watch.End();
        if (failed is null)
            done.SetResult(answer);
        else
            done.SetException(failed);
    }

    private ReadOnlyMemory<byte> Take(Frame frame, CancellationToken cancellation)
    {
        switch (frame.Verb)
        {
            case Verb.LoadScript:
                var load = Body.Read(frame, ScriptJson.Default.LoadScriptBody);
                _scripts.Add(load.Script, new ScriptProgram(load.Source, load.Image));
                return default;
            case Verb.BeginRun:
                var begin = Body.Read(frame, ScriptJson.Default.BeginRunBody);
                var run = _runs[begin.Run] = new ScriptExecution(_scripts[begin.Script], begin.Limits.Slowed(_watch.Slowness));
                return Body.Of(run.BeginAsync(begin.Facts, cancellation).GetAwaiter().GetResult(), ScriptJson.Default.ScriptTurn);
            case Verb.ContinueRun:
                var next = Body.Read(frame, ScriptJson.Default.ContinueRunBody);
                return Body.Of(_runs[next.Run].ContinueAsync(next.Result, cancellation).GetAwaiter().GetResult(), ScriptJson.Default.ScriptTurn);
            case Verb.TestCondition:
                var test = Body.Read(frame, ScriptJson.Default.TestConditionBody);
                return Body.Of(_scripts[test.Script].Test(test.Facts, test.Steps, ScriptLimits.Standard.Slowed(_watch.Slowness), cancellation), ScriptJson.Default.ScriptEnd);
            case Verb.EndRun:
                if (_runs.Remove(Body.Read(frame, ScriptJson.Default.NumberBody).Number, out var ended))
                    ended.Dispose();
                return default;
            case Verb.UnloadScript:
                if (_scripts.Remove(Body.Read(frame, ScriptJson.Default.NumberBody).Number, out var script))
                    script.Unload();
                return default;
            default:
                throw new WireException($"the daemon requested '{frame.Verb}'");
        }
    }
}
