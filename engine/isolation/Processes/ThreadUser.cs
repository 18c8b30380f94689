using System.Runtime.InteropServices;

namespace Actors.Isolation.Processes;

/// <summary>
/// Makes one thread of this process act as another user. The kernel keeps the user of each thread; only the C library changes all threads
/// together. So root needs no right to signal the processes of every user (CAP_KILL) in order to kill its own children that became another one.
/// </summary>
internal static partial class ThreadUser
{
    private const uint Unchanged = uint.MaxValue;
    private const int Kill = 9;

    // The number of setresuid(2). Source: Linux, arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
    private static nint SetUser => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 147 : 117;

    /// <summary>Makes the calling thread act as a user for the rest of its life. Use a thread that does nothing else.</summary>
    public static void Become(uint user)
    {
        if (CurrentUser() != user)
            _ = SystemCall(SetUser, Unchanged, user, Unchanged);
    }

    /// <summary>Kills a child of this process that may have become another user.</summary>
    public static void KillAs(uint user, int process)
    {
        var thread = new Thread(() =>
        {
            Become(user);
            _ = Signal(process, Kill);
        })
        { IsBackground = true, Name = "kills a process" };
        thread.Start();
        thread.Join();
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint CurrentUser();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int process, int signal);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, uint real, uint effective, uint saved);
}
