using Actors.Chains.Lint;
using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Compiling;
using Actors.Chains.Scripts.Running;

namespace Actors.Host.PolicyTests;

/// <summary>The linter of policies, which also checks their tests.</summary>
internal static class PolicyLinter
{
    /// <param name="actors">The names of the actors that steps may use.</param>
    /// <param name="compiler">Compiles the scripts.</param>
    /// <param name="cache">The cache of compiled scripts, if there is one.</param>
    public static Linter For(IReadOnlyCollection<string> actors, IScriptCompiler compiler, ScriptCache? cache = null) =>
        new(actors, (text, folder, problems) => PolicyTestYaml.Parse(text, folder, problems), new ScriptEngine(new ScriptStore(cache), compiler, new LocalRunner()));
}
