using Actors.Chains.Scripts.Compiling;
using Actors.Chains.Scripts.Running;
using Actors.Isolation.Wire;
using Actors.Scripting;

namespace Actors.Chains.Scripts.Processes;

/// <summary>A script that runs in a process of scripts, in whichever one serves it.</summary>
internal sealed class RemoteScript(ProcessRunner runner, HostedScript script, ScriptSource source, ScriptImage image) : IScript
{
    public IReadOnlyList<string> Steps => image.Steps;

    public ScriptReads Reads => image.Reads;

    public WeakReference Life => new(this);

    public IScriptRun Begin(ScriptLimits limits) => new RemoteRun(runner, this, limits);

    public Task<ScriptEnd> TestAsync(ScriptFacts facts, IReadOnlyList<ScriptStep> steps, CancellationToken cancellation) => runner.WaitAsync(async () =>
    {
        var (slot, endedWell) = (runner.Enter(script), false);
        try
        {
            var process = await LoadedAsync(slot, cancellation);
            var body = Body.Of(new TestConditionBody(script.Number, facts, steps), ScriptJson.Default.TestConditionBody);
            var end = Body.Read(await process.TakeAsync(script, Verb.TestCondition, body, cancellation), ScriptJson.Default.ScriptEnd);
            endedWell = !end.Cancelled;
            return end;
        }
        finally
        {
            runner.Leave(script, slot, endedWell);
        }
    });

    public void Unload() => runner.Shared?.Unload(script);

    /// <summary>The process that serves, with this script in it.</summary>
    private async Task<RunnerProcess> LoadedAsync(RunnerSlot slot, CancellationToken cancellation)
    {
        var process = await slot.ServingAsync(cancellation);
        await process.LoadAsync(script, source, image);
        return process;
    }

    private HostedScript Script => script;

    /// <summary>One run. After its process has ended, it cannot continue.</summary>
    private sealed class RemoteRun(ProcessRunner runner, RemoteScript remote, ScriptLimits limits) : IScriptRun
    {
        private readonly long _number = runner.NextNumber();
        private RunnerSlot? _slot;
        private RunnerProcess? _process;
        private bool _endedWell;

        public Task<ScriptTurn> BeginAsync(ScriptFacts facts, CancellationToken cancellation) => runner.WaitAsync(async () =>
        {
            _slot = runner.Enter(remote.Script);
            _process = await remote.LoadedAsync(_slot, cancellation);
            return await TakeAsync(Verb.BeginRun, Body.Of(new BeginRunBody(remote.Script.Number, _number, limits, facts), ScriptJson.Default.BeginRunBody), cancellation);
        });

        public Task<ScriptTurn> ContinueAsync(ScriptCallResult result, CancellationToken cancellation) => runner.WaitAsync(() =>
            TakeAsync(Verb.ContinueRun, Body.Of(new ContinueRunBody(_number, result), ScriptJson.Default.ContinueRunBody), cancellation));

        public void Dispose()
        {
            _process?.EndRun(remote.Script, _number);
            if (_slot is not null)
                runner.Leave(remote.Script, _slot, _endedWell);
        }

        private async Task<ScriptTurn> TakeAsync(Verb verb, ReadOnlyMemory<byte> body, CancellationToken cancellation)
        {
            var turn = await _process!.TakeAsync(remote.Script, _number, verb, body, cancellation);
            _endedWell = turn.End is { Cancelled: false };
            return turn;
        }
    }
}
