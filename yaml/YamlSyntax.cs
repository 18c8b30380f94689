namespace Actors.Yaml;

/// <summary>Translates the parser's messages for invalid files into messages for people.</summary>
internal static class YamlSyntax
{
    private static readonly (string Parser, string Person)[] Meanings =
    [
        ("expected '-' indicator", "this line starts in the wrong column: items of a list, and keys of an item, must start in the same column as those above"),
        ("did not find expected key", "this line starts in the wrong column, or a quote or bracket above is not closed"),
        ("found invalid mapping", "there is a ': ' inside a value: is this line indented too far, is the ':' missing in the line above, or should the value be in quotes?"),
        ("mapping values are not allowed", "there is a ': ' inside a value: is this line indented too far, is the ':' missing in the line above, or should the value be in quotes?"),
        ("expected ',' or ']'", "a '[' is not closed, or a ',' is missing before this position"),
        ("expected ',' or '}'", "a '{' is not closed, or a ',' is missing before this position"),
        ("quoted scalar", "a quote is not closed"),
        ("could not find expected ':'", "the ':' after a key is missing"),
        ("cannot start any token", "a value that starts with this character must be in quotes"),
        ("incompatible YAML document", "this version of YAML is not supported; remove the line"),
    ];

    /// <summary>Returns a readable message; the parser's own message if there is no translation.</summary>
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
