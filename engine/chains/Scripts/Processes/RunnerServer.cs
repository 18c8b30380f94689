using System.Collections.Concurrent;
using Actors.Chains.Scripts.Running;
using Actors.Isolation.Child;
using Actors.Isolation.Messages;
using Actors.Isolation.Sandbox;
using Actors.Isolation.Wire;
using Actors.Scripting;

namespace Actors.Chains.Scripts.Processes;

/// <summary>
/// Runs scripts for the daemon. One thread takes their turns in the order in which the requests came, so that the oldest request without an
/// answer names the script that was running when the process ended.
/// </summary>
internal sealed class RunnerServer : IChildServer
{
    /// <summary>The first argument of the program in this role.</summary>
    public const string Role = "script-runner";

    // Far larger than what the guard allows, so that it finds a recursion first.
    private const int StackBytes = 16 << 20;

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
        {
            var limits = Body.Read(frame, WireJson.Default.LimitsBody);
            _watch.Slowness = limits.Slowness;
            return ValueTask.FromResult(Body.Of(new LoadedBody(Confinement.Apply(limits, _parent)), WireJson.Default.LoadedBody));
        }
        var done = new TaskCompletionSource<ReadOnlyMemory<byte>>();
        _turns.Add(() =>
        {
            ReadOnlyMemory<byte> answer;
            try
            {
                answer = Take(frame, cancellation);
            }
            catch (Exception error)
            {
                done.SetException(error);
                return;
            }
            done.SetResult(answer);
        }, CancellationToken.None);
        return new ValueTask<ReadOnlyMemory<byte>>(done.Task);
    }

    public void Handle(Frame notice)
    {
        var number = Body.Read(notice, ScriptJson.Default.NumberBody).Number;
        _turns.Add(() =>
        {
            if (notice.Verb == Verb.EndRun && _runs.Remove(number, out var run))
                run.Dispose();
            else if (notice.Verb == Verb.UnloadScript && _scripts.Remove(number, out var script))
                script.Unload();
        });
    }

    private void Work()
    {
        foreach (var turn in _turns.GetConsumingEnumerable())
        {
            _watch.Begin();
            turn();
            _watch.End();
        }
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
                return Body.Of(run.BeginAsync(begin.Facts, cancellation).Result, ScriptJson.Default.ScriptTurn);
            case Verb.ContinueRun:
                var next = Body.Read(frame, ScriptJson.Default.ContinueRunBody);
                return Body.Of(_runs[next.Run].ContinueAsync(next.Result, cancellation).Result, ScriptJson.Default.ScriptTurn);
            case Verb.TestCondition:
                var test = Body.Read(frame, ScriptJson.Default.TestConditionBody);
                return Body.Of(_scripts[test.Script].Test(test.Facts, test.Steps, ScriptLimits.Standard.Slowed(_watch.Slowness), cancellation), ScriptJson.Default.ScriptEnd);
            default:
                throw new WireException($"the daemon requested '{frame.Verb}'");
        }
    }
}
