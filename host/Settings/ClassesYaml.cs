using Actors.Chains.Yaml;
using Actors.Dispatch.Decisions;
using Actors.Dispatch.Registry;
using Actors.Dispatch.Settings;
using Actors.Sdk.Text;
using Actors.Yaml;

namespace Actors.Host.Settings;

/// <summary>Reads the classes of domains in the configuration.</summary>
internal static class ClassesYaml
{
    public const string Key = "classes";

    private const int MaxClasses = 1000;

    /// <summary>Returns the classes; <see langword="null"/> if the file has no such key.</summary>
    /// <param name="reader">The keys of the file.</param>
    /// <param name="known">The names of policies and actors; <see langword="null"/> to accept any.</param>
    /// <param name="problems">The problems of the file, which know its name.</param>
    public static IReadOnlyList<DomainClass>? Read(YamlReader reader, Func<IReadOnlyCollection<string>>? known, YamlProblems problems)
    {
        if (reader.Node(Key) is not { } node)
            return null;
        var names = known is null ? null : new Lazy<IReadOnlyCollection<string>>(known);
        var rows = reader.Groups(Key, "- { match: \"db-*\", policy: NAME }");
        if (rows.Count > MaxClasses)
            reader.Problem(node.At, $"'{Key}' has {rows.Count} classes; at most {MaxClasses} are allowed");
        var classes = new List<DomainClass>();
        foreach (var row in rows)
        {
            var next = Row(row, Path.GetFileName(problems.File), names);
            if (next.Match.Length > 0 && classes.Any(other => other.Match == next.Match))
                row.Problem(row.Node("match")!.At, $"an earlier class matches '{YamlText.Shown(next.Match)}' as well, and the first one that matches counts");
            classes.Add(next);
        }
        return classes;
    }

    private static DomainClass Row(YamlReader row, string file, Lazy<IReadOnlyCollection<string>>? names)
    {
        if (row.Node("match") is null)
            row.Problem(row.At, "'match' is missing: a pattern of domain names such as \"db-*\", or a UUID");
        var match = row.Parsed("match", "a pattern such as \"db-*\", or a UUID", text => (text, DomainClass.PatternProblem(text)))?.Value ?? "";
        var policy = row.Parsed<string>("policy", "a policy's name", text => PolicyYaml.IsName(text) ? (text, null) : ("", $"expected a policy's name: {PolicyYaml.NameRule}"));
        var actor = row.Parsed<ActorKey?>("actor", "an actor key", ActorKey.Parse);
        if (policy is not null)
            CheckName(row, policy.At, policy.Value, names);
        // A plain name that no actor here has means an actor outside this host.
        if (actor is { Value: { IsXl: true, Name: { Length: > 0 } name } })
            CheckName(row, actor.At, name, names);
        if (row.Node("policy") is not null && row.Node("actor") is { } both)
            row.Problem(both.At, "a class has either a 'policy' or an 'actor'");
        var (floor, min, max) = (row.Size("floor"), row.Size("min"), row.Size("max"));
        if (min > max)
            row.Problem(row.Node("max")!.At, $"'max' is {max}, which is below 'min', {min}");
        if (floor > max)
            row.Problem(row.Node("max")!.At, $"'max' is {max}, which is below 'floor', {floor}");
        var result = new DomainClass(match, file)
        {
            Actor = actor?.Value?.ToString() ?? (policy is null ? null : $"{ActorKey.Xl}:{policy.Value}"),
            TimeoutSeconds = TimeoutOf(row),
            FloorKib = floor?.Value,
            MinKib = min?.Value,
            MaxKib = max?.Value,
            Share = ShareOf(row),
        };
        row.Finish();
        if (row.Keys.All(key => key == "match"))
            row.Problem(row.At, "this class sets nothing: give it a policy, actor, timeout, floor, min, max or share");
        return result;
    }

    private static void CheckName(YamlReader row, Mark at, string name, Lazy<IReadOnlyCollection<string>>? names)
    {
        if (names is null || names.Value.Contains(name))
            return;
        row.Problem(at, $"there is no policy or actor '{name}'; " + (Suggestion.For(name, names.Value) is { } meant
            ? $"did you mean '{meant}'?"
            : $"known: {string.Join(", ", names.Value.Order(StringComparer.Ordinal).DefaultIfEmpty("none"))}"));
    }

    private static int? TimeoutOf(YamlReader row)
    {
        if (row.Duration("timeout") is not { } timeout)
            return null;
        if (timeout < TimeSpan.FromSeconds(1) || timeout > TimeSpan.FromSeconds(Decider.MaxSeconds))
            row.Problem(row.Node("timeout")!.At, "'timeout' must be from 1s to 30 days");
        return (int)Math.Ceiling(timeout.TotalSeconds);
    }

    private static int? ShareOf(YamlReader row)
    {
        var share = row.Integer("share");
        if (share is < 0 or > EffectiveSettings.MaxShare)
            row.Problem(row.Node("share")!.At, $"'share' must be from 0 to {EffectiveSettings.MaxShare}");
        return share;
    }
}
