using Actors.Chains.Scripts.Compiling;
using Actors.Chains.Scripts.Running;
using Actors.Isolation.Wire;
using Actors.Scripting;

namespace Actors.Chains.Scripts.Processes;

/// <summary>A script that runs in the process of scripts, in whichever one serves.</summary>
internal sealed class RemoteScript(ProcessRunner runner, long number, ScriptSource source, ScriptImage image) : IScript
{
    public IReadOnlyList<string> Steps => image.Steps;

    public ScriptReads Reads => image.Reads;

    public WeakReference Life => new(this);

    public IScriptRun Begin(ScriptLimits limits) => new RemoteRun(runner, this, limits);

    public Task<ScriptEnd> TestAsync(ScriptFacts facts, IReadOnlyList<ScriptStep> steps, CancellationToken cancellation) => runner.WaitAsync(async () =>
    {
        var process = await LoadedAsync(cancellation);
        var body = Body.Of(new TestConditionBody(number, facts, steps), ScriptJson.Default.TestConditionBody);
        return Body.Read(await process.RequestAsync(Verb.TestCondition, body, source.File, cancellation), ScriptJson.Default.ScriptEnd);
    });

    public void Unload() => runner.Serving?.Send(Verb.UnloadScript, new NumberBody(number), ScriptJson.Default.NumberBody);

    /// <summary>The process that serves, with this script in it.</summary>
    private async Task<RunnerProcess> LoadedAsync(CancellationToken cancellation)
    {
        var process = await runner.ServingAsync(cancellation);
        await process.LoadAsync(number, async () => await process.RequestAsync(
            Verb.LoadScript, Body.Of(new LoadScriptBody(number, source, image), ScriptJson.Default.LoadScriptBody), source.File, CancellationToken.None));
        return process;
    }

    /// <summary>One run. After its process has ended, it cannot continue.</summary>
    private sealed class RemoteRun(ProcessRunner runner, RemoteScript script, ScriptLimits limits) : IScriptRun
    {
        private readonly long _number = runner.Next();
        private RunnerProcess? _process;

        public Task<ScriptTurn> BeginAsync(ScriptFacts facts, CancellationToken cancellation) => runner.WaitAsync(async () =>
        {
            _process = await script.LoadedAsync(cancellation);
            return await TurnAsync(Verb.BeginRun, Body.Of(new BeginRunBody(script.Number, _number, limits, facts), ScriptJson.Default.BeginRunBody), cancellation);
        });

        public Task<ScriptTurn> ContinueAsync(ScriptCallResult result, CancellationToken cancellation) => runner.WaitAsync(() =>
            TurnAsync(Verb.ContinueRun, Body.Of(new ContinueRunBody(_number, result), ScriptJson.Default.ContinueRunBody), cancellation));

        public void Dispose() => _process?.Send(Verb.EndRun, new NumberBody(_number), ScriptJson.Default.NumberBody);

        private async Task<ScriptTurn> TurnAsync(Verb verb, ReadOnlyMemory<byte> body, CancellationToken cancellation) =>
            Body.Read(await _process!.RequestAsync(verb, body, script.File, cancellation), ScriptJson.Default.ScriptTurn);
    }

    private long Number => number;

    private string File => source.File;
}
