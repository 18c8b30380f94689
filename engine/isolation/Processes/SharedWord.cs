using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Actors.Isolation.Processes;

/// <summary>Eight bytes of memory that a process shares with a child, and that outlive the child. Either of them writes, and neither waits for the other.</summary>
internal sealed unsafe partial class SharedWord
{
    private const int CloseOnExec = 1;

    private readonly MemoryMappedViewAccessor _view;
    private readonly long* _word;

    private SharedWord(SafeFileHandle file)
    {
        using var memory = MemoryMappedFile.CreateFromFile(file, null, sizeof(long), MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        _view = memory.CreateViewAccessor(0, sizeof(long));
        // The view lives as long as this object, and so does the pointer.
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _word = (long*)start;
    }

    public long Value
    {
        get => Volatile.Read(ref *_word);
        set => Volatile.Write(ref *_word, value);
    }

    /// <summary>Creates a word, which is 0, and the file behind it. The file need only be open until the child has opened it.</summary>
    /// <exception cref="IOException">The kernel has no memory for it.</exception>
    public static (SharedWord Word, SafeFileHandle File) Create()
    {
        var file = new SafeFileHandle(CreateFile("turn", CloseOnExec), ownsHandle: true);
        return file.IsInvalid ? throw new IOException($"shared memory cannot be created: {Marshal.GetLastPInvokeErrorMessage()}") : (new SharedWord(file), file);
    }

    /// <summary>Where a child of this process that has its user can open the file.</summary>
    public static string PathOf(SafeFileHandle file) => $"/proc/{Environment.ProcessId}/fd/{file.DangerousGetHandle()}";

    /// <summary>Opens the word of the process that started this one.</summary>
    /// <exception cref="IOException">It is not there.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not.</exception>
    public static SharedWord Open(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        return new SharedWord(file);
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateFile(string name, uint flags);
}
