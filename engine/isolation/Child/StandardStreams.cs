using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Actors.Isolation.Child;

/// <summary>
/// Takes stdin and stdout, which connect the child with the daemon, away from the reach of foreign code: what it prints goes to stderr, and so to
/// the log, and what it reads is empty.
/// </summary>
internal static partial class StandardStreams
{
    private const int In = 0, Out = 1, Error = 2;
    private const int DuplicateCloseOnExec = 1030;

    public static (FileStream Input, SafeFileHandle Output) Take()
    {
        var (input, output) = (Duplicate(In), Duplicate(Out));
        using var nothing = File.OpenHandle("/dev/null");
        Replace((int)nothing.DangerousGetHandle(), In);
        Replace(Error, Out);
        return (new FileStream(input, FileAccess.Read, bufferSize: 4096), output);
    }

    private static SafeFileHandle Duplicate(int descriptor)
    {
        var copy = Control(descriptor, DuplicateCloseOnExec, Error + 1);
        return copy >= 0 ? new SafeFileHandle(copy, ownsHandle: true) : throw new IOException(Marshal.GetLastPInvokeErrorMessage());
    }

    private static void Replace(int from, int to)
    {
        if (DuplicateTo(from, to) < 0)
            throw new IOException(Marshal.GetLastPInvokeErrorMessage());
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, int least);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int DuplicateTo(int from, int to);
}
