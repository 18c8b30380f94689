using System.Text.RegularExpressions;
using Actors.Host.Policies.Scripts;
using Actors.Yaml;

namespace Actors.Host.Policies.Yaml;

/// <summary>Reads a policy from YAML.</summary>
internal static partial class PolicyYaml
{
    public const string NameRule = "lower-case letters, digits, '.', '_' and '-', beginning with a letter";

    public static bool IsName(string text) => NameGrammar().IsMatch(text);

    /// <summary><see langword="null"/> when something is wrong; the problems say what, all of it.</summary>
    /// <param name="name">The policy's.</param>
    /// <param name="text">The file's.</param>
    /// <param name="problems">Hears what is wrong.</param>
    /// <param name="engine">Compiles each <c>when</c>.</param>
    /// <param name="file">Where errors in a <c>when</c> come from.</param>
    public static Policy? Parse(string name, string text, YamlProblems problems, ScriptEngine engine, string file)
    {
        if (YamlFile.Parse(text, problems) is not { } map)
            return null;
        Condition? When(ParsedValue<string> when)
        {
            var quoted = text.Split('\n')[when.At.Line - 1].ElementAtOrDefault(when.At.Column - 1) is '"' or '\'';
            var source = new ScriptSource(ScriptKind.Condition, file, when.Value, when.At.Line, when.At.Column + (quoted ? 1 : 0));
            return engine.Load(source, problems) is { } program ? new Condition(when.Value, program) : null;
        }
        var reader = new YamlReader(map, problems);
        var policy = new Policy
        {
            Name = name,
            Description = reader.Text("description") ?? "",
            Steps = [.. reader.Groups("steps").Select(step => Step(step, When))],
            Floor = reader.Size("floor"),
            Tolerance = reader.Size("tolerance"),
        };
        if (policy.Steps.Count == 0 && !problems.Any)
            reader.Problem(reader.At, "'steps' is missing: a policy needs at least one ('- actor: balloon')");
        reader.Finish();
        return problems.Any ? null : policy;
    }

    private static PolicyStep Step(YamlReader reader, Func<ParsedValue<string>, Condition?> when)
    {
        var actor = reader.Required("actor") ?? "";
        if (actor.Length > 0 && !NameGrammar().IsMatch(actor))
            reader.Problem(reader.At, $"'{actor}' cannot be an actor's name: {NameRule}");
        var step = new PolicyStep(actor, Limit(reader, "timeout"), Limit(reader, "stall"))
        {
            When = reader.Parsed<string>("when", "an expression such as Shrinking", text => (text, null)) is { } text ? when(text) : null,
            Keep = reader.Flag("keep") ?? false,
        };
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
