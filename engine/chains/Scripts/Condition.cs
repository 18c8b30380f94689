using Actors.Scripting;

namespace Actors.Chains.Scripts;

/// <summary>The condition of a step: the text of its <c>when</c>, and the compiled program.</summary>
internal sealed record Condition(string Text, ScriptProgram Program)
{
    /// <summary>Evaluates the condition.</summary>
    /// <exception cref="ScriptFaultException">The condition threw, or the host stopped it.</exception>
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

/// <summary>A script threw, or the host stopped it; the message says where.</summary>
/// <param name="message">The reason, with file and line.</param>
/// <param name="runaway">Whether the host had to stop it.</param>
internal sealed class ScriptFaultException(string message, bool runaway) : Exception(message)
{
    public bool Runaway { get; } = runaway;
}
