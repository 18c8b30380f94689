using Actors.Host.Policies.Testing;
using Actors.Host.Policies.Yaml;
using Actors.Yaml;

namespace Actors.Host.Policies.Lint;

/// <summary>Reads policies and their tests as the daemon would, and tells all that is wrong or works against itself.</summary>
/// <param name="actors">The names of actors that steps may give.</param>
internal sealed class Linter(IReadOnlyCollection<string> actors)
{
    private static readonly Mark Start = new(1, 1);

    private readonly Dictionary<string, PolicyFolder> _folders = [];

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<Finding> Lint(string file)
    {
        var problems = new YamlProblems(file);
        var findings = PolicyFile.KindOf(file) switch
        {
            PolicyFileKind.Chain => Chain(file, problems),
            PolicyFileKind.Test => Test(file, problems),
            _ => [Finding.Error(file, Start, "this is no policy: those are NAME.yaml and NAME.csx, and their tests NAME.test.yaml")],
        };
        return [.. problems.InOrder.Select(Finding.Error).Concat(findings).OrderBy(finding => (finding.Line, finding.Column))];
    }

    private IReadOnlyList<Finding> Chain(string file, YamlProblems problems)
    {
        var name = PolicyFile.NameOf(file);
        if (PolicyText.Read(file, problems) is not { } text || PolicyYaml.Read(name, text, problems) is not { } policy)
            return [];
        var folder = FolderOf(file);
        var errors = policy.Steps.Where(step => PolicyYaml.IsName(step.Actor)).Select(step => WrongStep(policy, step, folder) is { } message ? Finding.Error(file, step.Place.Actor, message) : null);
        if (problems.Any)
            return [.. errors.OfType<Finding>()];
        var warnings = Combinations.Warnings(policy, folder.Chains, actors.Contains).Select(warning => Finding.Warning(file, warning.At, warning.Message));
        return [.. errors.OfType<Finding>(), .. warnings];
    }

    private string? WrongStep(Policy policy, PolicyStep step, PolicyFolder folder)
    {
        if (actors.Contains(step.Actor))
            return null;
        if (Cycles.Through(policy.Name, step.Actor, name => StepsOf(name, folder)) is { } way)
            return $"the step leads back to this policy: {way}";
        if (folder.Chains.GetValueOrDefault(step.Actor) is { Shadow: true })
            return $"'{step.Actor}' is a shadow ('shadow: true'): it moves nothing, so it cannot be a step";
        if (folder.Names.Contains(step.Actor))
            return null;
        string[] known = [.. actors.Union(folder.Names).Order(StringComparer.Ordinal)];
        return Suggestion.For(step.Actor, known) is { } meant
            ? $"there is no actor or policy '{step.Actor}'; did you mean '{meant}'?"
            : $"there is no actor or policy '{step.Actor}'; there are: {string.Join(", ", known)}";
    }

    private IEnumerable<string> StepsOf(string name, PolicyFolder folder) => actors.Contains(name) || folder.Chains.GetValueOrDefault(name) is not { } policy
        ? []
        : policy.Steps.Select(step => step.Actor);

    private static IReadOnlyList<Finding> Test(string file, YamlProblems problems)
    {
        if (PolicyText.Read(file, problems) is { } text)
            PolicyTestYaml.Parse(text, Path.GetDirectoryName(file) ?? "", problems);
        return PolicyFile.Beside(file) is null
            ? [Finding.Error(file, Start, $"these are the tests of '{PolicyFile.NameOf(file)}', and beside them is neither {PolicyFile.NameOf(file)}.yaml nor {PolicyFile.NameOf(file)}.csx")]
            : [];
    }

    private PolicyFolder FolderOf(string file)
    {
        var path = Path.GetDirectoryName(Path.GetFullPath(file))!;
        return _folders.TryGetValue(path, out var folder) ? folder : _folders[path] = new PolicyFolder(path);
    }
}
