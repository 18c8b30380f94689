using System.Text.RegularExpressions;
using Actors.Yaml;

namespace Actors.Host.Policies.Yaml;

/// <summary>Reads a policy from YAML.</summary>
internal static partial class PolicyYaml
{
    /// <summary><see langword="null"/> when something is wrong; the problems say what, all of it.</summary>
    public static Policy? Parse(string name, string text, YamlProblems problems)
    {
        if (YamlFile.Parse(text, problems) is not { } map)
            return null;
        var reader = new YamlReader(map, problems);
        var policy = new Policy
        {
            Name = name,
            Description = reader.Text("description") ?? "",
            Steps = [.. reader.Groups("steps").Select(Step)],
            Floor = reader.Size("floor"),
            Tolerance = reader.Size("tolerance"),
        };
        if (policy.Steps.Count == 0 && !problems.Any)
            reader.Problem(reader.At, "'steps' is missing: a policy needs at least one ('- actor: balloon')");
        reader.Finish();
        return problems.Any ? null : policy;
    }

    private static PolicyStep Step(YamlReader reader)
    {
        var actor = reader.Required("actor") ?? "";
        if (actor.Length > 0 && !NameGrammar().IsMatch(actor))
            reader.Problem(reader.At, $"'{actor}' cannot be an actor's name: lower-case letters, digits, '.', '_' and '-'");
        var step = new PolicyStep(actor, Limit(reader, "timeout"), Limit(reader, "stall"));
        reader.Finish();
        return step;
    }

    private static TimeSpan? Limit(YamlReader reader, string key)
    {
        var limit = reader.Duration(key);
        if (limit == TimeSpan.Zero)
            reader.Problem(reader.Node(key)!.At, $"'{key}' must be longer than nothing; leave it out for no limit");
        return limit;
    }

    [GeneratedRegex(@"^[a-z][a-z0-9._-]{0,63}\z")]
    private static partial Regex NameGrammar();
}
