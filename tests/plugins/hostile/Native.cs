using System.Runtime.InteropServices;

namespace Actors.HostilePlugin;

internal static class Native
{
    [DllImport("libc", EntryPoint = "mmap")]
    public static extern nint Map(nint at, nuint length, int protection, int flags, int descriptor, nint offset);

    [DllImport("libc", EntryPoint = "raise")]
    public static extern int Raise(int signal);

    [DllImport("libc", EntryPoint = "abort")]
    public static extern void Abort();

    [DllImport("libc", EntryPoint = "close")]
    public static extern int Close(int descriptor);

    [DllImport("libc", EntryPoint = "write")]
    public static extern nint Write(int descriptor, byte[] bytes, nint count);

    public static void WriteAll(int descriptor, byte[] bytes)
    {
        for (var written = 0; written < bytes.Length;)
            written += Math.Max(0, (int)Write(descriptor, bytes[written..], bytes.Length - written));
    }

    [DllImport("libc", EntryPoint = "syscall")]
    public static extern nint Call(nint number, nint first, nint second, nint third);

    [DllImport("libc", EntryPoint = "getppid")]
    public static extern int Parent();

    [DllImport("libc", EntryPoint = "memset")]
    public static extern nint Fill(nint at, int value, nint count);
}
