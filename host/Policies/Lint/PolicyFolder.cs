using Actors.Host.Policies.Yaml;
using Actors.Yaml;

namespace Actors.Host.Policies.Lint;

/// <summary>The policies in a folder, as far as their files say it: what a step may name.</summary>
internal sealed class PolicyFolder
{
    private readonly Dictionary<string, Policy> _chains = [];
    private readonly HashSet<string> _names = [];

    public PolicyFolder(string path)
    {
        foreach (var file in Directory.Exists(path) ? PolicyFile.In(path).Where(file => PolicyFile.KindOf(file) != PolicyFileKind.Test) : [])
        {
            var name = PolicyFile.NameOf(file);
            _names.Add(name);
            var problems = new YamlProblems(file);
            if (PolicyFile.KindOf(file) == PolicyFileKind.Chain && PolicyText.Read(file, problems) is { } text && PolicyYaml.Parse(name, text, problems) is { } chain)
                _chains[name] = chain;
        }
    }

    /// <summary>Those that are broken among them.</summary>
    public IReadOnlyCollection<string> Names => _names;

    public IReadOnlyDictionary<string, Policy> Chains => _chains;
}
