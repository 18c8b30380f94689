using Actors.Host.Policies.Scripts.Compiling;
using Actors.Yaml;

namespace Actors.Host.Policies.Scripts;

/// <summary>Makes programs of scripts. What is in the cache needs no compiler, and none is loaded.</summary>
internal sealed class ScriptEngine(ScriptCache? cache)
{
    /// <summary><see langword="null"/> when something is wrong; the problems say what, all of it.</summary>
    public ScriptProgram? Load(ScriptSource source, YamlProblems problems)
    {
        if (cache?.Find(source) is { } known)
            return new ScriptProgram(source, known);
        if (ScriptCompiler.Compile(source, problems) is not { } image)
            return null;
        cache?.Keep(source, image);
        return new ScriptProgram(source, image);
    }
}
