using System.Text;
using Actors.Sdk.Text;

namespace Actors.Dispatch.State;

/// <summary>Makes text printable, and cuts it to the length that a value in xenstore may have.</summary>
internal static class StoreText
{
    /// <summary>A message of xenstore holds 4096 bytes: the path, a zero byte and the value. The longest path here has about 60 bytes.</summary>
    public const int MaxBytes = 3900;

    private const string Cut = "…";

    /// <summary>Returns the text on one line, or as much of it as fits.</summary>
    public static string Fit(string text, int maxBytes) => Fit(text, maxBytes, static letter => letter.ToString());

    /// <summary>Like <see cref="Fit(string, int)"/>, with a backslash before every quote and backslash.</summary>
    public static string FitEscaped(string text, int maxBytes) =>
        Fit(text, maxBytes, static letter => letter.Value is '"' or '\\' ? $"\\{letter}" : letter.ToString());

    private static string Fit(string text, int maxBytes, Func<Rune, string> write)
    {
        var (result, bytes, fits) = (new StringBuilder(), 0, 0);
        foreach (var letter in Printable.Of(text, limit: maxBytes).EnumerateRunes())
        {
            var written = write(letter);
            bytes += Encoding.UTF8.GetByteCount(written);
            if (bytes > maxBytes)
                return fits == 0 && maxBytes < Encoding.UTF8.GetByteCount(Cut) ? "" : result.ToString(0, fits) + Cut;
            result.Append(written);
            if (bytes <= maxBytes - Encoding.UTF8.GetByteCount(Cut))
                fits = result.Length;
        }
        return result.ToString();
    }
}
