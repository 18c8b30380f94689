using Actors.Chains.Scripts.Running;
using Actors.Scripting;

namespace Actors.Chains.Scripts;

/// <summary>The condition of a step: the text of its <c>when</c>, and the compiled program.</summary>
internal sealed record Condition(string Text, IScript Program)
{
    private const int MaxTries = 3;

    /// <summary>Evaluates the condition.</summary>
    /// <exception cref="ScriptFaultException">The condition threw, or the host stopped it.</exception>
    public async Task<bool> IsTrueAsync(ScriptFacts facts, IReadOnlyList<ScriptStep> steps, CancellationToken cancellation)
    {
        for (var attempt = 1; ;)
        {
            try
            {
                return (await Program.TestAsync(facts, steps, cancellation)).Checked(cancellation).Value;
            }
            catch (ScriptLostException lost)
            {
                if (!lost.ByOthers && attempt++ == MaxTries)
                    throw new ScriptFaultException(lost.Message, runaway: false);
            }
        }
    }
}
