namespace Actors.Yaml;

/// <summary>What the parser's words for a broken file mean to the person who wrote it.</summary>
internal static class YamlSyntax
{
    private static readonly (string Parser, string Person)[] Meanings =
    [
        ("expected '-' indicator", "this line begins in the wrong column: the items of a list and the keys of an item each begin in the column of those above"),
        ("did not find expected key", "this line begins in the wrong column, or a quote or bracket above is not closed"),
        ("found invalid mapping", "there is a ': ' inside a value: is this line indented too far, is the ':' missing in the line above, or should the value be in quotes?"),
        ("mapping values are not allowed", "there is a ': ' inside a value: is this line indented too far, is the ':' missing in the line above, or should the value be in quotes?"),
        ("expected ',' or ']'", "a '[' is not closed, or a ',' is missing before this place"),
        ("expected ',' or '}'", "a '{' is not closed, or a ',' is missing before this place"),
        ("quoted scalar", "a quote is not closed"),
        ("could not find expected ':'", "a key without its ':'"),
        ("cannot start any token", "a value that begins with this character must be in quotes"),
        ("incompatible YAML document", "this version of YAML is not known; remove the line"),
    ];

    /// <summary>In a person's words where there are any, else in the parser's.</summary>
    public static string Explain(string message)
    {
        foreach (var (parser, person) in Meanings)
        {
            if (message.Contains(parser, StringComparison.OrdinalIgnoreCase))
                return $"this is not YAML: {person}";
        }
        return message.Length == 0 ? "this is not YAML" : $"this is not YAML: {char.ToLowerInvariant(message[0])}{message[1..].TrimEnd('.')}";
    }
}
