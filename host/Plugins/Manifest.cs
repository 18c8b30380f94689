using System.Text.RegularExpressions;
using Actors.Yaml;

namespace Actors.Host.Plugins;

/// <summary>What <c>plugin.yaml</c> says.</summary>
internal sealed partial record Manifest(string Id, Version Version, Version Contract, IReadOnlyList<string> Actors, IReadOnlyList<string> Needs, string Author)
{
    public const string FileName = "plugin.yaml";

    /// <summary><see langword="null"/> when something is wrong; the problems say what, all of it.</summary>
    public static Manifest? Parse(string text, YamlProblems problems)
    {
        if (YamlFile.Parse(text, problems) is not { } map)
            return null;
        var reader = new YamlReader(map, problems);
        var id = Name(reader, "id");
        var version = VersionOf(reader, "version");
        var contract = VersionOf(reader, "contract");
        var actors = reader.Words("actors");
        if (actors.Count == 0)
            reader.Problem(reader.At, "'actors' is missing: the names of the actors that this plugin carries, such as [balloon]");
        foreach (var actor in actors.Where(actor => !NameGrammar().IsMatch(actor.Value)))
            reader.Problem(actor.At, $"'{actor.Value}' cannot be an actor's name: {NameRule}");
        var needs = reader.Words("needs");
        var author = reader.Text("author") ?? "";
        reader.Finish();
        return problems.Any ? null : new Manifest(id!, version!, contract!, [.. actors.Select(actor => actor.Value)], [.. needs.Select(need => need.Value)], author);
    }

    private const string NameRule = "lower-case letters, digits, '.', '_' and '-', beginning with a letter";

    private static string? Name(YamlReader reader, string key)
    {
        reader.Required(key);
        return reader.Parsed<string>(key, "a name", text => NameGrammarWide().IsMatch(text) ? (text, null) : ("", $"expected {NameRule}"))?.Value;
    }

    private static Version? VersionOf(YamlReader reader, string key)
    {
        if (reader.Node(key) is null)
            reader.Problem(reader.At, $"'{key}' is missing: a version such as 1.0");
        return reader.Parsed<Version>(key, "a version such as 1.0", text =>
            Version.TryParse(text, out var version) ? (version, null) : (new Version(), "expected a version such as 1.0"))?.Value;
    }

    [GeneratedRegex(@"^[a-z][a-z0-9._-]{0,63}\z")]
    private static partial Regex NameGrammar();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex NameGrammarWide();
}
