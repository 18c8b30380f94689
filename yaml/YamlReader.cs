using System.Globalization;
using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Yaml;

/// <summary>
/// Reads typed values from a group of keys. An absent key is <see langword="null"/>. A malformed value is added to the problems.
/// <see cref="Finish"/> adds every unknown key, with a suggestion.
/// </summary>
internal sealed class YamlReader(YamlMap map, YamlProblems problems)
{
    private readonly HashSet<string> _known = [];

    public Mark At => map.At;

    public YamlNode? Node(string key)
    {
        _known.Add(key);
        return map.Entries.FirstOrDefault(entry => entry.Key == key)?.Value;
    }

    /// <summary>The keys in the file, for a group whose keys are names.</summary>
    public IEnumerable<string> Keys => map.Entries.Select(entry => entry.Key);

    public string? Text(string key) => Parsed<string>(key, "text", text => (text, null))?.Value;

    public string? Required(string key)
    {
        if (Node(key) is null)
            problems.Add(At, $"'{key}' is missing");
        return Text(key);
    }

    public Kib? Size(string key) => Parsed(key, "a size such as 512MiB", SizeText.ParseWithUnit)?.Value;

    public TimeSpan? Duration(string key) => Parsed(key, "a duration such as 30s or 2m", DurationText.Parse)?.Value;

    public bool? Flag(string key) => Parsed<bool>(key, "true or false", text => text switch
    {
        "true" => (true, null),
        "false" => (false, null),
        "yes" or "on" or "True" or "TRUE" => (default, "expected true or false (did you mean 'true'?)"),
        "no" or "off" or "False" or "FALSE" => (default, "expected true or false (did you mean 'false'?)"),
        _ => (default, "expected true or false"),
    })?.Value;

    public int? Integer(string key) => Parsed<int>(key, "a whole number", text =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? (value, null)
            : (default, "expected a whole number"))?.Value;

    /// <summary>Reads a value with a custom parser, which returns the value or an error.</summary>
    public ParsedValue<T>? Parsed<T>(string key, string expected, Func<string, (T Value, string? Error)> parse)
    {
        switch (Node(key))
        {
            case null:
                return null;
            case YamlText { Value.Length: > 0 } text:
                var (value, error) = parse(text.Value);
                if (error is null)
                    return new ParsedValue<T>(value, text.At);
                problems.Add(text.At, $"'{key}': {error}, found {text.Kind}");
                return null;
            case var other:
                problems.Add(other.At, $"'{key}' should be {expected}, found {other.Kind}");
                return null;
        }
    }

    /// <summary>Reads a nested group of keys. Call <see cref="Finish"/> on it, too.</summary>
    public YamlReader? Group(string key) => Node(key) switch
    {
        null => null,
        YamlMap inner => new YamlReader(inner, problems),
        var other => Wrong<YamlReader>(other, $"'{key}' should be a group of keys, found {other.Kind}"),
    };

    /// <summary>Reads a list whose items are groups of keys. Call <see cref="Finish"/> on each, too.</summary>
    /// <param name="key">The key of the list.</param>
    /// <param name="example">An example of an item, for the error message.</param>
    public IReadOnlyList<YamlReader> Groups(string key, string example = "- …") => Node(key) switch
    {
        null => [],
        YamlList list => [.. list.Items.Select(item => GroupIn(key, item, example)).OfType<YamlReader>()],
        var other => Wrong<YamlReader[]>(other, $"'{key}' should be a list ('{example}'), found {other.Kind}{MissingSpace(other)}") ?? [],
    };

    /// <summary>Reads a list of words.</summary>
    public IReadOnlyList<YamlText> Words(string key)
    {
        switch (Node(key))
        {
            case null:
                return [];
            case YamlList list:
                foreach (var item in list.Items.Where(item => item is not YamlText { Value.Length: > 0 }))
                    problems.Add(item.At, $"'{key}' should contain words, found {item.Kind}");
                return [.. list.Items.OfType<YamlText>()];
            case var other:
                problems.Add(other.At, $"'{key}' should be a list ('[a, b]'), found {other.Kind}");
                return [];
        }
    }

    /// <summary>Adds a problem that only the caller can detect.</summary>
    public void Problem(Mark at, string message) => problems.Add(at, message);

    /// <summary>Adds a problem for every key that was not read.</summary>
    /// <param name="elsewhere">Returns the right place for a key that is valid elsewhere.</param>
    public void Finish(Func<string, string?>? elsewhere = null)
    {
        foreach (var entry in map.Entries.Where(entry => !_known.Contains(entry.Key)))
        {
            var key = YamlText.Shown(entry.Key);
            if (elsewhere?.Invoke(entry.Key) is { } place)
                problems.Add(entry.At, $"'{key}' {place}");
            else if (Suggestion.For(entry.Key, _known) is { } meant)
                problems.Add(entry.At, $"unknown key '{key}'; did you mean '{meant}'?");
            else
                problems.Add(entry.At, $"unknown key '{key}'; known here: {string.Join(", ", _known.Order(StringComparer.Ordinal))}");
        }
    }

    private YamlReader? GroupIn(string key, YamlNode item, string example) => item is YamlMap inner
        ? new YamlReader(inner, problems)
        : Wrong<YamlReader>(item, $"each item of '{key}' should be a group of keys ('{example}'), found {item.Kind}{MissingSpace(item)}");

    // Typos that YAML accepts with another meaning.
    private static string MissingSpace(YamlNode node) => node switch
    {
        YamlMap { Entries: [{ Key: ['-', not ('-' or ' '), ..] }, ..] } => "; a space is missing after '-'",
        YamlMap { Entries: [{ Key: var first }, ..] } => $"; a '- ' is missing before '{YamlText.Shown(first)}'",
        YamlText { Value: var text } when text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && colon < text.Length - 1 => "; a space is missing after ':'",
        _ => "",
    };

    private T? Wrong<T>(YamlNode node, string message) where T : class
    {
        problems.Add(node.At, message);
        return null;
    }
}

/// <summary>A value with its position.</summary>
internal sealed record ParsedValue<T>(T Value, Mark At);
