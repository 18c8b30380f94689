using System.Runtime.InteropServices;

namespace Actors.Loading.Containment;

/// <summary>A thread of the operating system. On Linux, .NET does not set priorities.</summary>
internal static partial class NativeThread
{
    private const int OneThread = 0, Least = 19;

    [ThreadStatic]
    private static int _current;

    public static int Current => _current == 0 ? _current = GetThreadId() : _current;

    // The thread may have ended; that is fine.
    public static void LowerPriority(int thread) => _ = SetPriority(OneThread, thread, Least);

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int GetThreadId();

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int priority);
}
