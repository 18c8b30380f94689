using Actors.Chains.Scripts.Compiling;
using Actors.Scripting;

namespace Actors.Chains.Scripts.Running;

/// <summary>Where scripts run: in this process, or in another one.</summary>
internal interface IScriptRunner : IDisposable
{
    /// <summary>Makes a compiled script ready to run.</summary>
    IScript Load(ScriptSource source, ScriptImage image);
}

/// <summary>A compiled script, ready to run any number of times.</summary>
internal interface IScript
{
    /// <summary>The actors and policies that the script can name.</summary>
    IReadOnlyList<string> Steps { get; }

    /// <summary>The facts that the script reads and that cost a request.</summary>
    ScriptReads Reads { get; }

    /// <summary>A reference that is dead once the script has left the memory.</summary>
    WeakReference Life { get; }

    /// <summary>Prepares a run.</summary>
    IScriptRun Begin(ScriptLimits limits);

    /// <summary>Evaluates a condition.</summary>
    /// <exception cref="ScriptLostException">Something else ended the process in which it ran.</exception>
    Task<ScriptEnd> TestAsync(ScriptFacts facts, IReadOnlyList<ScriptStep> steps, CancellationToken cancellation);

    /// <summary>Unloads the script once its current runs have ended. No new run may begin.</summary>
    void Unload();
}

/// <summary>One run of a script, in turns: the script's, and the host's.</summary>
internal interface IScriptRun : IDisposable
{
    /// <summary>Runs the script up to its first call.</summary>
    /// <exception cref="ScriptLostException">Something else ended the process in which it ran.</exception>
    Task<ScriptTurn> BeginAsync(ScriptFacts facts, CancellationToken cancellation);

    /// <summary>Gives the script the result of its call, and runs it up to the next one.</summary>
    /// <exception cref="ScriptLostException">Something else ended the process in which it ran.</exception>
    Task<ScriptTurn> ContinueAsync(ScriptCallResult result, CancellationToken cancellation);
}

/// <summary>A run was lost through no fault of its script, and can begin again. The message says what happened.</summary>
internal sealed class ScriptLostException(string message) : Exception(message)
{
    /// <summary>Whether the cause is known and not this script: another script, or somebody else. Otherwise it may come back, and tries are limited.</summary>
    public bool IsExplained { get; init; }
}
