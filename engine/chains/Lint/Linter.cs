using Actors.Chains.Files;
using Actors.Chains.Model;
using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Compiling;
using Actors.Chains.Yaml;
using Actors.Sdk.Text;
using Actors.Yaml;

namespace Actors.Chains.Lint;

/// <summary>Reads policies and their tests as the daemon would, and reports everything that is wrong or works against itself.</summary>
/// <param name="actors">The names of the actors that steps can use.</param>
/// <param name="checkTest">Checks a test file: takes its text and its folder, and adds what it finds to the problems.</param>
/// <param name="engine">Compiles the scripts.</param>
internal sealed class Linter(IReadOnlyCollection<string> actors, Action<string, string, YamlProblems> checkTest, ScriptEngine engine)
{
    private static readonly Mark Start = new(1, 1);

    private readonly Dictionary<string, Neighbours> _folders = [];

    /// <summary>The findings for one file, ordered by line.</summary>
    public IReadOnlyList<LintFinding> Lint(string file)
    {
        var problems = new YamlProblems(file);
        var findings = PolicyFile.KindOf(file) switch
        {
            PolicyFileKind.Chain => Chain(file, problems),
            PolicyFileKind.Script => Script(file, problems),
            PolicyFileKind.Test => Test(file, problems),
            _ => [LintFinding.Error(file, Start, "this is not a policy: policies are named NAME.yaml or NAME.csx, and their tests NAME.test.yaml")],
        };
        return [.. problems.InOrder.Select(LintFinding.Error).Concat(findings).OrderBy(finding => (finding.Line, finding.Column))];
    }

    private IReadOnlyList<LintFinding> Chain(string file, YamlProblems problems)
    {
        var name = PolicyFile.NameOf(file);
        if (PolicyText.Read(file, problems) is not { } text || PolicyYaml.Read(name, text, problems, engine, Path.GetFileName(file)) is not { } policy)
            return [];
        var folder = FolderOf(file);
        var errors = policy.Steps.Where(step => PolicyYaml.IsName(step.Actor)).Select(step => (WrongStep(policy.Name, step.Actor, folder) ?? WrongArgument(step)) is { } message ? LintFinding.Error(file, step.At, message) : null);
        if (problems.Any)
            return [.. errors.OfType<LintFinding>()];
        var warnings = Combinations.Warnings(policy, folder.Chains, actors.Contains).Concat(UnusualValues.Warnings(policy)).Select(warning => LintFinding.Warning(file, warning.At, warning.Message));
        return [.. errors.OfType<LintFinding>(), .. warnings];
    }

    private IReadOnlyList<LintFinding> Script(string file, YamlProblems problems)
    {
        var name = PolicyFile.NameOf(file);
        if (!PolicyYaml.IsName(name))
            problems.Add(Start, PolicyYaml.WrongFileName(name));
        if (PolicyText.Read(file, problems) is not { } text || engine.Load(new ScriptSource(ScriptKind.Policy, Path.GetFileName(file), text), problems) is not { } program)
            return [];
        var folder = FolderOf(file);
        return
        [
            .. program.Steps.Select(step => WrongStep(name, step, folder) is { } message ? LintFinding.Error(file, PlaceOf(step, text), message) : null).OfType<LintFinding>(),
        ];
    }

    private string? WrongStep(string policy, string step, Neighbours folder)
    {
        if (actors.Contains(step))
            return null;
        if (step == policy)
            return $"the policy '{policy}' would run itself forever: no actor has that name";
        if (PolicyCycles.Find(policy, name => name == policy ? [step] : StepsOf(name, folder)) is { } cycle)
            return $"this policy would run itself forever: {string.Join(" → ", cycle)}";
        if (folder.Chains.GetValueOrDefault(step) is { Shadow: true })
            return $"'{step}' is a shadow ('shadow: true'): it changes nothing, so it cannot be a step";
        if (folder.Names.Contains(step))
            return null;
        string[] known = [.. actors.Union(folder.Names.Where(PolicyYaml.IsName)).Order(StringComparer.Ordinal)];
        return Suggestion.For(step, known) is { } meant
            ? $"there is no actor or policy '{step}'; did you mean '{meant}'?"
            : $"there is no actor or policy '{step}'; known: {string.Join(", ", known)}";
    }

    private string? WrongArgument(PolicyStep step) => step.Argument.Length == 0 || actors.Contains(step.Actor)
        ? null
        : $"'{step.Actor}' is a policy, and a policy takes no argument; write '{step.Actor}' alone";

    // The place where a script first names the step.
    private static Mark PlaceOf(string step, string text)
    {
        var at = text.IndexOf($"\"{step}\"", StringComparison.Ordinal);
        var before = text.AsSpan(0, Math.Max(0, at));
        return new Mark(before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }

    private IReadOnlyList<string>? StepsOf(string name, Neighbours folder) =>
        actors.Contains(name) ? null : folder.StepsOf(name);

    private IReadOnlyList<LintFinding> Test(string file, YamlProblems problems)
    {
        if (PolicyText.Read(file, problems) is { } text)
            checkTest(text, Path.GetDirectoryName(file) ?? "", problems);
        return PolicyFile.PolicyOf(file) is null
            ? [LintFinding.Error(file, Start, $"these are tests of the policy '{PolicyFile.NameOf(file)}', but there is no {PolicyFile.NameOf(file)}.yaml or {PolicyFile.NameOf(file)}.csx in this folder")]
            : [];
    }

    private Neighbours FolderOf(string file)
    {
        var path = Path.GetDirectoryName(Path.GetFullPath(file))!;
        return _folders.TryGetValue(path, out var folder) ? folder : _folders[path] = new Neighbours(path, engine);
    }
}
