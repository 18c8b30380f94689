using System.Globalization;
using System.Runtime.InteropServices;

namespace Actors.Xen.Paging;

/// <summary>A running xenpaging process. It may have been started by an earlier host, because it outlives the host.</summary>
internal interface IPagerProcess
{
    bool Alive { get; }

    /// <summary>Makes the process page everything in and end (SIGTERM).</summary>
    void Terminate();
}

/// <summary>A process, identified by its PID and its start time, so that a reused PID is not mistaken for it.</summary>
internal sealed partial class PagerProcess : IPagerProcess
{
    private const int Sigterm = 15;
    private const int StateField = 0, StartField = 19;

    private readonly int _pid;
    private readonly string? _started;

    public PagerProcess(int pid) => (_pid, _started) = (pid, Field(pid, StartField));

    public bool Alive => _started is not null && Field(_pid, StartField) == _started && Field(_pid, StateField) != "Z";

    public void Terminate()
    {
        if (Alive)
            _ = Kill(_pid, Sigterm);
    }

    /// <summary>A field of <c>/proc/PID/stat</c> after the name in parentheses. The name may contain any character.</summary>
    private static string? Field(int pid, int index)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[index];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
