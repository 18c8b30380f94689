using Actors.Chains.Scripts.Compiling;
using Actors.Yaml;

namespace Actors.Chains.Scripts;

/// <summary>Makes programs of scripts. What is in the cache needs no compiler, and none is loaded.</summary>
/// <param name="cache">Where compiled scripts are; nowhere when left out.</param>
/// <param name="compiles">Whether what is not in the cache is compiled, which takes its time, or left for later.</param>
internal sealed class ScriptEngine(ScriptCache? cache, bool compiles = true)
{
    /// <summary>Whether a script was left for later; what names it is not whole then.</summary>
    public bool LeftSome { get; private set; }

    /// <summary><see langword="null"/> when something is wrong, and the problems say what, all of it; or when it is left for later.</summary>
    public ScriptProgram? Load(ScriptSource source, YamlProblems problems)
    {
        if (cache?.Find(source) is { } known)
            return new ScriptProgram(source, known);
        if (!compiles)
        {
            LeftSome = true;
            return null;
        }
        if (ScriptCompiler.Compile(source, problems) is not { } image)
            return null;
        cache?.Keep(source, image);
        return new ScriptProgram(source, image);
    }
}
