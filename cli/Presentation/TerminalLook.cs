using System.Globalization;
using System.Text;

namespace Actors.Cli.Presentation;

/// <summary>How a terminal looks: what it can show, and what the user wants to see.</summary>
/// <param name="Colours">Whether it shows colours.</param>
/// <param name="Ascii">Whether it shows ASCII only.</param>
internal sealed record TerminalLook(bool Colours, bool Ascii)
{
    // The first of these that is set decides, as for the C library.
    private static readonly string[] LocaleVariables = ["LC_ALL", "LC_CTYPE", "LANG"];

    /// <param name="isTerminal">Whether the output goes to a terminal.</param>
    /// <param name="ascii">Whether the user wants ASCII.</param>
    /// <param name="variable">Returns a variable of the environment.</param>
    public static TerminalLook Of(bool isTerminal, bool ascii, Func<string, string?> variable)
    {
        var term = variable("TERM") ?? "";
        var colours = isTerminal && term is not ("" or "dumb") && string.IsNullOrEmpty(variable("NO_COLOR"));
        return new TerminalLook(colours, ascii || (isTerminal && (term is "linux" or "dumb" || term.StartsWith("vt", StringComparison.Ordinal) || !IsUtf8(variable))));
    }

    /// <summary>Adds the colour of a tone: one of the terminal's own palette.</summary>
    public string Paint(string text, Tone tone) => !Colours || tone == Tone.Plain ? text : tone switch
    {
        Tone.Trouble => $"\e[31m{text}\e[0m",
        Tone.Warning => $"\e[33m{text}\e[0m",
        Tone.Active => $"\e[36m{text}\e[0m",
        _ => $"\e[90m{text}\e[0m",
    };

    /// <summary>Replaces what the terminal cannot show.</summary>
    public string Text(string text)
    {
        if (!Ascii || !text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return text;
        var shown = new StringBuilder();
        foreach (var letter in text.EnumerateRunes())
        {
            if (letter.Value is >= ' ' and <= '~')
                shown.Append((char)letter.Value);
            else if (letter.Value == '…')
                shown.Append("...");
            else
                shown.Append(CultureInfo.InvariantCulture, $@"\u{{{letter.Value:x}}}");
        }
        return shown.ToString();
    }

    private static bool IsUtf8(Func<string, string?> variable) =>
        LocaleVariables.Select(variable).FirstOrDefault(value => !string.IsNullOrEmpty(value)) is { } locale
        && locale.Replace("-", "", StringComparison.Ordinal).EndsWith("UTF8", StringComparison.OrdinalIgnoreCase);
}
