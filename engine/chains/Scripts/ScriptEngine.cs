using Actors.Chains.Scripts.Compiling;
using Actors.Yaml;

namespace Actors.Chains.Scripts;

/// <summary>Turns scripts into programs. A script that is in the cache needs no compiler, and the compiler is not loaded.</summary>
/// <param name="cache">The cache of compiled scripts, if there is one.</param>
/// <param name="compiles">Whether a script that is not in the cache is compiled, which takes time, or postponed.</param>
internal sealed class ScriptEngine(ScriptCache? cache, bool compiles = true)
{
    /// <summary>Whether a script was postponed; the policy that contains it is then incomplete.</summary>
    public bool Postponed { get; private set; }

    /// <summary>Loads a script. The result is <see langword="null"/> if there are problems, all of which are reported, or if the script was postponed.</summary>
    public ScriptProgram? Load(ScriptSource source, YamlProblems problems)
    {
        if (cache?.Find(source) is { } known)
            return new ScriptProgram(source, known);
        if (!compiles)
        {
            Postponed = true;
            return null;
        }
        if (ScriptCompiler.Compile(source, problems) is not { } image)
            return null;
        cache?.Store(source, image);
        return new ScriptProgram(source, image);
    }
}
