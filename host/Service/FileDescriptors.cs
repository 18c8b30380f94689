using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Actors.Host.Service;

/// <summary>
/// The file descriptors of this process. When none is left, .NET can end the process ("Out of memory."), so the last ones are never given to
/// clients.
/// </summary>
internal static partial class FileDescriptors
{
    private const int Reserve = 64;
    private const ulong Needed = 256;
    private const int MaxFiles = 7;

    /// <summary>The message if the limit is too low for a daemon; otherwise <see langword="null"/>.</summary>
    public static string? Problem() => Limit() is var limit && limit < Needed
        ? $"at most {limit} open files are allowed, and the daemon needs {Needed}: raise the limit ('ulimit -n 1024', or LimitNOFILE= of the unit)"
        : null;

    /// <summary>Whether a new descriptor is one of the last ones. The kernel always assigns the lowest number that is free.</summary>
    public static bool IsAmongTheLast(Socket socket) => (ulong)socket.Handle + Reserve >= Limit();

    private static ulong Limit() => GetLimit(MaxFiles, out var limit) == 0 ? limit.Now : ulong.MaxValue;

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limits limit);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Limits
    {
        public readonly ulong Now;
        private readonly ulong _most;
    }
}
