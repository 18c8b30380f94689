using System.Text;

namespace Actors.Sim.Recordings;

/// <summary>Lines of comma-separated values (RFC 4180). A value with a comma, a quote or a line break is in quotes.</summary>
internal static class CsvText
{
    /// <summary>The text of a value in a line.</summary>
    public static string Field(string value) =>
        value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>The values of a line, with the columns at which they begin; <see langword="null"/> if a quote is missing.</summary>
    public static IReadOnlyList<(string Value, int Column)>? Fields(string line)
    {
        var fields = new List<(string, int)>();
        for (var at = 0; at <= line.Length; at++)
        {
            var (column, value) = (at + 1, "");
            if (at < line.Length && line[at] == '"')
            {
                if (Quoted(line, ref at) is not { } quoted)
                    return null;
                value = quoted;
            }
            else
            {
                var end = line.IndexOf(',', at) is >= 0 and var comma ? comma : line.Length;
                (value, at) = (line[at..end].Trim(), end);
            }
            fields.Add((value, column));
        }
        return fields;
    }

    /// <summary>The lines that have values, with their numbers. Empty lines and lines that begin with <c>#</c> have none.</summary>
    public static IEnumerable<(int Number, string Line)> Lines(IEnumerable<string> lines) =>
        lines.Index().Where(line => line.Item.Length > 0 && line.Item[0] != '#').Select(line => (line.Index + 1, line.Item));

    // Leaves the position behind the closing quote, where a comma or the end must follow.
    private static string? Quoted(string line, ref int at)
    {
        var value = new StringBuilder();
        for (at++; at < line.Length; at++)
        {
            if (line[at] != '"')
            {
                value.Append(line[at]);
                continue;
            }
            at++;
            if (at == line.Length || line[at] == ',')
                return value.ToString();
            if (line[at] != '"')
                return null;
            value.Append('"');
        }
        return null;
    }
}
