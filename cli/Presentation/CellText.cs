using System.Text;
using Spectre.Console.Rendering;

namespace Actors.Cli.Presentation;

/// <summary>Measures, shortens and wraps text by the columns that it takes on a terminal: some characters take two, some none.</summary>
internal static class CellText
{
    public static int Width(string text) => text.AsSpan().ContainsAnyExceptInRange(' ', '~') ? new Segment(text).CellCount() : text.Length;

    /// <summary>Fills a text up with blanks.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">The columns to fill.</param>
    /// <param name="alignRight">Whether the blanks come first.</param>
    /// <param name="painted">The same text with its colour, if it has one.</param>
    public static string Pad(string text, int width, bool alignRight, string? painted = null)
    {
        var blanks = new string(' ', Math.Max(0, width - Width(text)));
        return alignRight ? blanks + (painted ?? text) : (painted ?? text) + blanks;
    }

    /// <summary>Shortens a text in the middle, because names often differ only at their ends.</summary>
    public static string Shorten(string text, int width)
    {
        if (Width(text) <= width)
            return text;
        if (width < 2)
            return width <= 0 ? "" : "~";
        var left = Prefix(text, width / 2);
        var right = Reverse(Prefix(Reverse(text), width - 1 - Width(left)));
        return $"{left}~{right}";
    }

    /// <summary>Breaks a text into lines at blanks; a word that is longer than a line is broken where the line ends.</summary>
    public static IReadOnlyList<string> Wrap(string text, int width)
    {
        if (width < 2)
            throw new ArgumentOutOfRangeException(nameof(width), width, "expected at least 2 columns");
        var (lines, line) = (new List<string>(), "");
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var rest = word;
            if (line.Length > 0 && Width(line) + 1 + Width(rest) <= width)
            {
                line += $" {rest}";
                continue;
            }
            if (line.Length > 0)
                lines.Add(line);
            while (Width(rest) > width)
            {
                var part = Prefix(rest, width);
                lines.Add(part);
                rest = rest[part.Length..];
            }
            line = rest;
        }
        if (line.Length > 0)
            lines.Add(line);
        return lines;
    }

    private static string Prefix(string text, int width)
    {
        var (kept, used) = (new StringBuilder(), 0);
        foreach (var letter in text.EnumerateRunes())
        {
            used += Width(letter.ToString());
            if (used > width)
                break;
            kept.Append(letter.ToString());
        }
        return kept.ToString();
    }

    private static string Reverse(string text) => string.Concat(text.EnumerateRunes().Reverse());
}
