using System.Globalization;
using System.Text;

namespace Actors.Sdk.Text;

/// <summary>
/// Makes foreign text safe to print. Guests, scripts, plugins and files can contain escape sequences that control a terminal, line breaks
/// that forge a log line, and characters that reverse or hide text.
/// </summary>
internal static class Printable
{
    /// <summary>The longest text that is printed unless the caller sets another limit, in characters.</summary>
    public const int DefaultLimit = 500;

    /// <summary>Returns the text on one line: unprintable characters become <c>\x1b</c> or <c>\u{202e}</c>, and a long text is cut with <c>…</c>.</summary>
    public static string Of(string? text, int limit = DefaultLimit)
    {
        if (text is null)
            return "";
        if (text.Length <= limit && !text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return text;
        var shown = new StringBuilder();
        foreach (var letter in text.EnumerateRunes())
        {
            var form = Form(letter);
            if (shown.Length + form.Length > limit)
                return shown.Append('…').ToString();
            shown.Append(form);
        }
        return shown.ToString();
    }

    /// <summary>Escapes the unprintable characters of a JSON document, which JSON allows inside its strings.</summary>
    public static string Json(string document)
    {
        if (!document.EnumerateRunes().Any(letter => !IsPrintable(letter)))
            return document;
        var shown = new StringBuilder(document.Length + 64);
        foreach (var letter in document.EnumerateRunes())
        {
            if (IsPrintable(letter))
                shown.Append(letter.ToString());
            else
                foreach (var unit in letter.ToString())
                    shown.Append(CultureInfo.InvariantCulture, $@"\u{(int)unit:x4}");
        }
        return shown.ToString();
    }

    private static string Form(Rune letter) => letter.Value switch
    {
        '\n' => @"\n",
        '\r' => @"\r",
        '\t' => @"\t",
        _ when IsPrintable(letter) => letter.ToString(),
        var code and <= 0xff => string.Create(CultureInfo.InvariantCulture, $@"\x{code:x2}"),
        var code => string.Create(CultureInfo.InvariantCulture, $@"\u{{{code:x}}}"),
    };

    // Format characters include those that change the direction of text, and those without width.
    private static bool IsPrintable(Rune letter) => Rune.GetUnicodeCategory(letter) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
