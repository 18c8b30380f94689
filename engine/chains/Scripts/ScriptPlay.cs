using Actors.Chains.Scripts.Running;
using Actors.Isolation.Remote;
using Actors.Scripting;
using Actors.Sdk;

namespace Actors.Chains.Scripts;

/// <summary>What the host does for a run of a script.</summary>
internal interface IScriptHost
{
    Task<ScriptFacts> FactsAsync(CancellationToken cancellation);

    /// <summary>Does what a script requests.</summary>
    /// <returns>The step that ended, if it was one.</returns>
    Task<ScriptStep?> CallAsync(ScriptCall call, CancellationToken cancellation);

    void Log(string line);
}

/// <summary>Runs a script, turn by turn.</summary>
internal static class ScriptPlay
{
    /// <exception cref="ScriptFaultException">The script failed.</exception>
    /// <exception cref="ScriptLostException">The run was lost through no fault of the script.</exception>
    public static async Task<ScriptEnd> RunAsync(IScript script, ScriptLimits limits, IScriptHost host, CancellationToken cancellation)
    {
        using var run = script.Begin(limits);
        var turn = await run.BeginAsync(await host.FactsAsync(cancellation), cancellation);
        while (true)
        {
            foreach (var line in turn.Lines)
                host.Log(line);
            if (turn.End is { } end)
                return end.Checked(cancellation);
            turn = await run.ContinueAsync(await CallAsync(host, turn.Call!, cancellation), cancellation);
        }
    }

    // The script cannot do anything about the end of its domain or of its run, so it does not see them.
    private static async Task<ScriptCallResult> CallAsync(IScriptHost host, ScriptCall call, CancellationToken cancellation)
    {
        try
        {
            var step = await host.CallAsync(call, cancellation);
            return new ScriptCallResult { Step = step, Facts = await host.FactsAsync(cancellation) };
        }
        catch (Exception error) when (error is not DomainGoneException && !cancellation.IsCancellationRequested)
        {
            return new ScriptCallResult { Error = Errors.Describe(error) };
        }
    }
}
