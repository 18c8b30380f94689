using Actors.Chains.Files;
using Actors.Chains.Model;
using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Compiling;
using Actors.Chains.Yaml;
using Actors.Yaml;

namespace Actors.Chains.Lint;

/// <summary>The policies in a folder, as far as their files can be read: the names that a step can use.</summary>
internal sealed class Neighbours
{
    private readonly Dictionary<string, Policy> _chains = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _scripts = [];
    private readonly HashSet<string> _names = [];

    public Neighbours(string path, ScriptEngine engine)
    {
        foreach (var file in Directory.Exists(path) ? PolicyFile.In(path).Where(file => PolicyFile.KindOf(file) != PolicyFileKind.Test) : [])
        {
            var (name, problems) = (PolicyFile.NameOf(file), new YamlProblems(file));
            _names.Add(name);
            if (PolicyText.Read(file, problems) is not { } text)
                continue;
            if (PolicyFile.KindOf(file) == PolicyFileKind.Script)
                _scripts[name] = engine.Load(new ScriptSource(ScriptKind.Policy, Path.GetFileName(file), text), problems)?.Steps ?? [];
            else if (PolicyYaml.Parse(name, text, problems, engine, Path.GetFileName(file)) is { } chain)
                _chains[name] = chain;
        }
    }

    /// <summary>The names of all policies, including broken ones.</summary>
    public IReadOnlyCollection<string> Names => _names;

    public IReadOnlyDictionary<string, Policy> Chains => _chains;

    /// <summary>The actors and policies that a policy names.</summary>
    public IReadOnlyList<string>? StepsOf(string name) =>
        _chains.GetValueOrDefault(name) is { } chain ? [.. chain.Steps.Select(step => step.Actor)] : _scripts.GetValueOrDefault(name);
}
