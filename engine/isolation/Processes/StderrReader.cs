using System.Text;

namespace Actors.Isolation.Processes;

/// <summary>Reads the lines that a process writes to stderr. What a line has beyond a limit is dropped, so a line without an end costs nothing.</summary>
internal static class StderrReader
{
    private const int MaxLength = 2000;

    /// <summary>Reads until the stream ends, or until it is cancelled.</summary>
    public static async Task ReadAsync(Stream stream, Action<string> line, CancellationToken cancellation)
    {
        var decoder = Encoding.UTF8.GetDecoder();
        var (bytes, characters) = (new byte[4096], new char[4096 + 1]);
        var begun = new StringBuilder();
        try
        {
            while (await stream.ReadAsync(bytes, cancellation).ConfigureAwait(false) is > 0 and var read)
                Split(characters.AsSpan(0, decoder.GetChars(bytes.AsSpan(0, read), characters, flush: false)), begun, line);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // What was read counts.
        }
        if (begun.Length > 0)
            line(begun.ToString());
    }

    private static void Split(ReadOnlySpan<char> text, StringBuilder begun, Action<string> line)
    {
        while (text.IndexOf('\n') is >= 0 and var end)
        {
            Append(begun, text[..end]);
            line(begun.ToString());
            begun.Clear();
            text = text[(end + 1)..];
        }
        Append(begun, text);
    }

    private static void Append(StringBuilder begun, ReadOnlySpan<char> text) => begun.Append(text[..Math.Min(text.Length, MaxLength - begun.Length)]);
}
