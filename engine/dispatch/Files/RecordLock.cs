using System.Runtime.InteropServices;

namespace Actors.Dispatch.Files;

/// <summary>
/// A lock on an open file description (fcntl(2), F_OFD_SETLK). It ends when the file is closed, and keeps nobody from reading: .NET's own
/// checks use flock(2), which is independent of it.
/// </summary>
internal static partial class RecordLock
{
    private const int SetOpenFileLock = 37;
    private const short WriteLock = 1;

    /// <summary>Takes the lock; false if another process has it. A file system without locks lets everyone have it.</summary>
    public static bool TryTake(SafeHandle file)
    {
        var whole = new Range { Type = WriteLock };
        return Control(file, SetOpenFileLock, ref whole) == 0 || Marshal.GetLastPInvokeError() is not (Again or AccessDenied);
    }

    private const int Again = 11;
    private const int AccessDenied = 13;

    // struct flock of 64-bit Linux; a length of 0 is the whole file, however long it grows.
    [StructLayout(LayoutKind.Sequential)]
    private struct Range
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Pid;
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeHandle file, int command, ref Range range);
}
