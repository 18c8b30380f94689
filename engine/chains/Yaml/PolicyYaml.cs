using System.Text.RegularExpressions;
using Actors.Chains.Model;
using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Compiling;
using Actors.Dispatch.Registry;
using Actors.Yaml;

namespace Actors.Chains.Yaml;

/// <summary>Reads a policy from YAML.</summary>
internal static partial class PolicyYaml
{
    public const string NameRule = "a lowercase letter, then lowercase letters, digits, '.', '_' and '-'";

    private const string OfAStep = "belongs to a step ('steps: [{ actor: …, timeout: … }]')";
    private const string OfThePolicy = "belongs to the policy, at the level of 'steps'";

    public static string WrongFileName(string name) => $"a policy is named after its file, and '{name}' is not a valid policy name: {NameRule}";

    public static bool IsName(string text) => NameGrammar().IsMatch(text);

    /// <summary>Reads a policy. The result is <see langword="null"/> if anything is wrong; the problems then list everything.</summary>
    /// <param name="name">The name of the policy.</param>
    /// <param name="text">The text of the file.</param>
    /// <param name="problems">Receives everything that is wrong.</param>
    /// <param name="engine">Compiles each <c>when</c>.</param>
    /// <param name="file">The name of the file, for errors in a <c>when</c>.</param>
    public static Policy? Parse(string name, string text, YamlProblems problems, ScriptEngine engine, string file) =>
        Read(name, text, problems, engine, file) is { } policy && !problems.Any ? policy : null;

    /// <summary>Reads as much of a policy as possible, even if there are problems; <see langword="null"/> if the text is not YAML.</summary>
    public static Policy? Read(string name, string text, YamlProblems problems, ScriptEngine engine, string file)
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
            Steps = [.. reader.Groups("steps", "- actor: balloon").Select(step => Step(step, When))],
            Floor = reader.Size("floor"),
            Tolerance = reader.Size("tolerance"),
            OnShort = reader.Parsed("on_short", OnShortText.Expected, OnShortText.Parse)?.Value ?? OnShort.Stay,
            OnDrift = reader.Parsed("on_drift", OnDriftText.Expected, OnDriftText.Parse)?.Value ?? OnDrift.Retry,
            ToleranceAt = reader.Node("tolerance")?.At ?? reader.At,
            OnShortAt = reader.Node("on_short")?.At ?? reader.At,
            Shadow = reader.Flag("shadow") ?? false,
        };
        if (!NameGrammar().IsMatch(name))
            reader.Problem(reader.At, WrongFileName(name));
        if (reader.Node("steps") is null or YamlList { Items.Count: 0 })
            reader.Problem(reader.At, "'steps' is missing: a policy needs at least one ('- actor: balloon')");
        reader.Finish(key => key is "actor" or "timeout" or "stall" or "when" or "keep" ? OfAStep : null);
        return policy;
    }

    private static PolicyStep Step(YamlReader reader, Func<ParsedValue<string>, Condition?> when)
    {
        var name = reader.Required("actor") ?? "";
        var match = StepGrammar().Match(name);
        if (name.Length > 0 && (!match.Success || match.Groups["actor"].Value == ActorKey.Xl))
            reader.Problem(reader.Node("actor")!.At, WrongName(name));
        var actor = match.Success ? match.Groups["actor"].Value : name;
        var step = new PolicyStep(actor, Limit(reader, "timeout"), Limit(reader, "stall"))
        {
            When = reader.Parsed<string>("when", "an expression such as Shrinking", text => (text, null)) is { } text ? when(text) : null,
            Keep = reader.Flag("keep") ?? true,
            Argument = match.Groups["argument"].Value,
            At = reader.Node("actor")?.At ?? reader.At,
        };
        reader.Finish(key => key is "floor" or "tolerance" or "on_short" or "on_drift" or "shadow" or "description" ? OfThePolicy : null);
        return step;
    }

    private static string WrongName(string actor) => actor.Split(':') is ["xl", var policy]
        ? $"a step names a policy without 'xl:'; write '{policy}'"
        : NameGrammar().IsMatch(actor.ToLowerInvariant())
            ? $"'{actor}' is not a valid actor name; did you mean '{actor.ToLowerInvariant()}'?"
            : $"'{actor}' is not a valid actor name: {NameRule}";

    private static TimeSpan? Limit(YamlReader reader, string key)
    {
        var limit = reader.Duration(key);
        if (limit == TimeSpan.Zero)
            reader.Problem(reader.Node(key)!.At, $"'{key}' must be longer than 0; omit it for no limit");
        return limit;
    }

    [GeneratedRegex(@"^(?<actor>[a-z][a-z0-9._-]{0,63})(:(?<argument>[\x20-\x7E]{1,256}))?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex StepGrammar();

    [GeneratedRegex(@"^[a-z][a-z0-9._-]{0,63}\z")]
    private static partial Regex NameGrammar();
}
