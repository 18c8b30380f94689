using Actors.Chains.Scripts.Running;
using Actors.Scripting;

namespace Actors.Chains.Scripts;

/// <summary>The condition of a step: the text of its <c>when</c>, and the compiled program.</summary>
internal sealed record Condition(string Text, IScript Program)
{
    /// <summary>Evaluates the condition.</summary>
    /// <exception cref="ScriptFaultException">The condition threw, or the host stopped it.</exception>
    /// <exception cref="ScriptLostException">It could not be evaluated, through no fault of its own.</exception>
    public async Task<bool> IsTrueAsync(ScriptFacts facts, IReadOnlyList<ScriptStep> steps, CancellationToken cancellation) =>
        (await LostRuns.AgainAsync(() => Program.TestAsync(facts, steps, cancellation), _ => { })).Checked(cancellation).Value;
}
