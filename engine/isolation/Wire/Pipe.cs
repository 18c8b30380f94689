using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Actors.Isolation.Wire;

/// <summary>Pipes, as the kernel has them: .NET offers no write that does not block.</summary>
internal static partial class Pipe
{
    private const int GetFlags = 3, SetFlags = 4;
    private const int NonBlocking = 0x800;
    private const int Interrupted = 4, Again = 11;
    private const int CloseOnExec = 0x80000;
    private const short Writable = 4;

    /// <summary>Creates a pipe. Children do not inherit it.</summary>
    public static (SafeFileHandle Read, SafeFileHandle Write) Create()
    {
        var ends = new int[2];
        if (CreatePipe(ends, CloseOnExec) != 0)
            throw new IOException($"a pipe cannot be created: {Marshal.GetLastPInvokeErrorMessage()}");
        return (new SafeFileHandle(ends[0], ownsHandle: true), new SafeFileHandle(ends[1], ownsHandle: true));
    }

    public static void MakeNonBlocking(SafeHandle pipe)
    {
        if (Control(pipe, SetFlags, Control(pipe, GetFlags, 0) | NonBlocking) != 0)
            throw new IOException($"a pipe cannot be made non-blocking: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>Writes what the pipe takes now; the error is <see langword="null"/> while the other end is open.</summary>
    public static (int Written, string? Error) Write(SafeHandle pipe, ReadOnlySpan<byte> bytes)
    {
        for (var written = 0; ;)
        {
            var now = written == bytes.Length ? 0 : (int)Write(pipe, in MemoryMarshal.GetReference(bytes[written..]), bytes.Length - written);
            written += Math.Max(now, 0);
            if (written == bytes.Length)
                return (written, null);
            if (now >= 0)
                continue;
            switch (Marshal.GetLastPInvokeError())
            {
                case Interrupted:
                    continue;
                case Again:
                    return (written, null);
                case var error:
                    return (written, Marshal.GetPInvokeErrorMessage(error));
            }
        }
    }

    /// <summary>Waits until the pipe takes more, or its other end is closed.</summary>
    public static void WaitWritable(SafeHandle pipe)
    {
        var added = false;
        try
        {
            pipe.DangerousAddRef(ref added);
            var poll = new PollEntry { Descriptor = (int)pipe.DangerousGetHandle(), Events = Writable };
            _ = Poll(ref poll, 1, -1);
        }
        catch (ObjectDisposedException)
        {
            // It was closed on this side.
        }
        finally
        {
            if (added)
                pipe.DangerousRelease();
        }
    }

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static partial int CreatePipe([Out] int[] ends, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeHandle pipe, int command, int argument);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeHandle pipe, in byte first, nint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollEntry entry, ulong count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Happened;
    }
}
