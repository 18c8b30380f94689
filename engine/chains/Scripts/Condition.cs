using Actors.Scripting;

namespace Actors.Chains.Scripts;

/// <summary>A <c>when</c>: its text, and its program.</summary>
internal sealed record Condition(string Text, ScriptProgram Program)
{
    /// <summary>Asks it.</summary>
    /// <exception cref="ScriptFaultException">It threw, or was stopped.</exception>
    public bool IsTrue(PolicyScript facts, CancellationToken cancellation)
    {
        var (budget, outer) = (new ScriptBudget(ScriptLimits.Standard, cancellation), ScriptGuard.Budget);
        ScriptGuard.Budget = budget;
        budget.Resume();
        try
        {
            return Program.IsTrue(facts);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            throw new ScriptFaultException(Program.Describe(error), budget.Stopped is not null);
        }
        finally
        {
            ScriptGuard.Budget = outer;
        }
    }
}

/// <summary>A script threw or was stopped; the message says where.</summary>
/// <param name="message">With file and line.</param>
/// <param name="runaway">It had to be stopped.</param>
internal sealed class ScriptFaultException(string message, bool runaway) : Exception(message)
{
    public bool Runaway { get; } = runaway;
}
