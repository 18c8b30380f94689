using System.Text;

namespace Actors.Cli.Control;

/// <summary>Reads and writes single lines of UTF-8 on a stream.</summary>
internal static class ControlLine
{
    /// <exception cref="IOException">The line is too long or incomplete.</exception>
    public static async Task<string> ReadAsync(Stream stream, int maxBytes, CancellationToken cancellation)
    {
        var line = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (line.Length <= maxBytes)
        {
            var read = await stream.ReadAsync(buffer, cancellation);
            var end = Array.IndexOf(buffer, (byte)'\n', 0, read);
            line.Write(buffer, 0, end < 0 ? read : end);
            if (end >= 0 && line.Length <= maxBytes)
                return Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length);
            if (read == 0)
                throw new IOException("the connection was closed in the middle of a line");
        }
        throw new IOException($"the line is longer than {maxBytes} bytes");
    }

    public static async Task WriteAsync(Stream stream, string line, CancellationToken cancellation) =>
        await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellation);
}
