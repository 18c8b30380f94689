using System.Text;

namespace Actors.HostilePlugin;

/// <summary>Writes frames to the daemon that the host's own code would not write.</summary>
internal static class Forgery
{
    public const byte FaultVerb = 33, MetricsVerb = 34;

    public static async Task<string?> SendAsync(byte[] frame)
    {
        Native.WriteAll(Connection.Value, frame);
        await new TaskCompletionSource().Task;
        return null;
    }

    public static async Task<string?> SendManyAsync(byte[] frame, int count)
    {
        for (var sent = 0; sent < count; sent++)
            Native.WriteAll(Connection.Value, frame);
        await Task.Yield();
        return "sent";
    }

    // The pipe to the daemon: it is not stderr, and its other end is not in this process.
    private static readonly Lazy<int> Connection = new(() =>
    {
        var pipes = Enumerable.Range(0, 200).Select(descriptor => (descriptor, target: Link(descriptor), write: IsWrite(descriptor)))
            .Where(pipe => pipe.target?.StartsWith("pipe:", StringComparison.Ordinal) == true).ToList();
        return pipes.First(pipe => pipe.write && pipe.target != Link(2) && !pipes.Exists(other => other.target == pipe.target && !other.write)).descriptor;
    });

    private static bool IsWrite(int descriptor) => File.Exists($"/proc/self/fdinfo/{descriptor}")
        && File.ReadAllLines($"/proc/self/fdinfo/{descriptor}").Any(line => line.StartsWith("flags:", StringComparison.Ordinal) && line[^1] == '1');

    private static string? Link(int descriptor)
    {
        try
        {
            return new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public static byte[] Notice(byte verb, string json)
    {
        var body = Encoding.UTF8.GetBytes(json);
        return [.. BitConverter.GetBytes(10 + body.Length), 5, verb, 0, 0, 0, 0, 0, 0, 0, 0, .. body];
    }
}
