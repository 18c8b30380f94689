using Actors.Chains.Scripts.Compiling;
using Actors.Chains.Scripts.Running;
using Actors.Yaml;

namespace Actors.Chains.Scripts;

/// <summary>Turns scripts into programs. A script that was compiled before needs no compiler, and none is started.</summary>
/// <param name="store">What is known about scripts.</param>
/// <param name="compiler">Compiles a script at once; <see langword="null"/> to postpone scripts that were not compiled before.</param>
/// <param name="runner">Where the scripts run.</param>
internal sealed class ScriptEngine(ScriptStore store, IScriptCompiler? compiler, IScriptRunner runner)
{
    private readonly List<ScriptSource> _postponed = [];

    /// <summary>The scripts that were postponed; the policies that contain them are incomplete.</summary>
    public IReadOnlyList<ScriptSource> Postponed => _postponed;

    /// <summary>Loads a script. The result is <see langword="null"/> if there are problems, all of which are reported, or if the script was postponed.</summary>
    public IScript? Load(ScriptSource source, YamlProblems problems)
    {
        if (SourceLimits.Find(source) is { } limit)
            return Report([limit], problems);
        if (store.Find(source) is not { } compiled)
        {
            if (compiler is null)
            {
                _postponed.Add(source);
                return null;
            }
            compiled = store.Compile(source, compiler);
        }
        return compiled.Image is { } image ? runner.Load(source, image) : Report(compiled.Problems, problems);
    }

    private static IScript? Report(IReadOnlyList<ScriptProblem> found, YamlProblems problems)
    {
        foreach (var (line, column, message) in found)
            problems.Add(new Mark(line, column), message);
        return null;
    }
}
