using System.Text;

namespace Actors.XenStore.Protocol;

/// <summary>Makes foreign text safe for messages and logs.</summary>
internal static class Printable
{
    /// <summary>The number of characters that a message shows of a text.</summary>
    public const int Longest = 200;

    /// <summary>Replaces every character that is not printable ASCII, and the end of a text that is too long.</summary>
    public static string Escape(string text)
    {
        if (text.Length <= Longest && !text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return text;
        var escaped = new StringBuilder();
        foreach (var rune in text.AsSpan(0, Math.Min(text.Length, Longest)).EnumerateRunes())
            if (rune.Value is >= ' ' and <= '~')
                escaped.Append((char)rune.Value);
            else
                escaped.Append("\\u{").Append(rune.Value.ToString("x", System.Globalization.CultureInfo.InvariantCulture)).Append('}');
        return text.Length <= Longest ? escaped.ToString() : $"{escaped}… ({text.Length} characters)";
    }
}
