using System.Text;

namespace Actors.Host.Control;

/// <summary>Reads and writes single lines of UTF-8 on a stream.</summary>
internal static class ControlLine
{
    private const int MaxBytes = 16 * 1024 * 1024;

    public static async Task<string> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var line = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (line.Length < MaxBytes)
        {
            var read = await stream.ReadAsync(buffer, cancellation);
            var end = Array.IndexOf(buffer, (byte)'\n', 0, read);
            line.Write(buffer, 0, end < 0 ? read : end);
            if (end >= 0)
                return Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length);
            if (read == 0)
                throw new IOException("the connection was closed in the middle of a line");
        }
        throw new IOException($"the line is longer than {MaxBytes} bytes");
    }

    public static async Task WriteAsync(Stream stream, string line, CancellationToken cancellation) =>
        await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellation);
}
