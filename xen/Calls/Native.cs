using System.Runtime.InteropServices;

namespace Actors.Xen.Calls;

/// <summary>The functions from tools/include/xencall.h. Each returns -1 or null on error and sets errno.</summary>
internal static partial class Native
{
    public const string Library = "libxencall.so.1";

    [LibraryImport(Library, EntryPoint = "xencall_open", SetLastError = true)]
    public static partial nint Open(nint logger, uint flags);

    [LibraryImport(Library, EntryPoint = "xencall_close", SetLastError = true)]
    public static partial int Close(nint handle);

    [LibraryImport(Library, EntryPoint = "xencall1", SetLastError = true)]
    public static partial int Call1(nint handle, uint call, ulong argument);

    [LibraryImport(Library, EntryPoint = "xencall2", SetLastError = true)]
    public static partial int Call2(nint handle, uint call, ulong command, ulong argument);

    [LibraryImport(Library, EntryPoint = "xencall_alloc_buffer", SetLastError = true)]
    public static partial nint AllocateBuffer(nint handle, nint bytes);

    [LibraryImport(Library, EntryPoint = "xencall_free_buffer", SetLastError = true)]
    public static partial void FreeBuffer(nint handle, nint address);
}
