using System.Globalization;

namespace Actors.Isolation.Processes;

/// <summary>Reads the memory of a process.</summary>
internal static class ProcessMemory
{
    /// <summary>The private memory of a process, in bytes; 0 if it has ended.</summary>
    public static long PrivateOf(int process)
    {
        try
        {
            return Sum($"/proc/{process}/smaps_rollup", "Private_");
        }
        catch (UnauthorizedAccessException)
        {
            // The process has become another user. Of its private memory, this leaves out only pages of files that it has changed.
            return Try(() => Sum($"/proc/{process}/status", "RssAnon:"));
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>The shared memory that a process uses and that belongs to no file, in bytes; 0 if it has ended. No resource limit counts it.</summary>
    public static long SharedOf(int process) => Try(() => Sum($"/proc/{process}/status", "RssShmem:"));

    private static long Try(Func<long> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private static long Sum(string file, string start) => File.ReadLines(file).Where(line => line.StartsWith(start, StringComparison.Ordinal))
        .Sum(line => long.Parse(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)) << 10;
}
