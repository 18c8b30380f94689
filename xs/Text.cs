using System.Text;

namespace Actors.Xs;

/// <summary>Shows values, which other domains may have written, without control characters.</summary>
internal static class Text
{
    /// <summary>Replaces every byte that is not printable ASCII as the xenstore-* tools do: <c>\n</c>, <c>\t</c>, <c>\r</c>, <c>\\</c>, <c>\001</c> below 8, or <c>\x1b</c>.</summary>
    public static string Escape(ReadOnlySpan<byte> value)
    {
        var text = new StringBuilder(value.Length);
        foreach (var letter in value)
            _ = letter switch
            {
                (byte)'\\' => text.Append("\\\\"),
                (byte)'\n' => text.Append("\\n"),
                (byte)'\t' => text.Append("\\t"),
                (byte)'\r' => text.Append("\\r"),
                >= 0x20 and < 0x7f => text.Append((char)letter),
                < 8 => text.Append("\\00").Append((char)('0' + letter)),
                _ => text.Append("\\x").Append(letter.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)),
            };
        return text.ToString();
    }

    public static string Escape(string text) => Escape(Encoding.UTF8.GetBytes(text));

    /// <summary>Reads the escapes of <see cref="Escape(ReadOnlySpan{byte})"/> and hexadecimal ones, <c>\x1b</c>. Other text becomes UTF-8.</summary>
    public static byte[] Unescape(string text)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(text, i, char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1));
                i += char.IsHighSurrogate(text[i]) ? 1 : 0;
                continue;
            }
            var letter = text[++i];
            if (letter == 'x' && i + 2 < text.Length && byte.TryParse(text.AsSpan(i + 1, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var value))
            {
                bytes.Add(value);
                i += 2;
                continue;
            }
            if (letter is >= '0' and <= '3' && i + 2 < text.Length && text[i + 1] is >= '0' and <= '7' && text[i + 2] is >= '0' and <= '7')
            {
                bytes.Add((byte)(((letter - '0') << 6) | ((text[i + 1] - '0') << 3) | (text[i + 2] - '0')));
                i += 2;
                continue;
            }
            bytes.Add(letter switch { 'n' => (byte)'\n', 't' => (byte)'\t', 'r' => (byte)'\r', _ => (byte)letter });
        }
        return [.. bytes];
    }
}
