using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Actors.Isolation.Processes;

/// <summary>Eight bytes of memory that a process shares with a child, and that outlive the child. Either of them writes, and neither waits for the other.</summary>
internal sealed unsafe class SharedWord
{
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

    /// <summary>
    /// Creates a word, which is 0, and the file behind it. The file is deleted when it is closed, and need only be open until the child has
    /// opened it by its name. It is a file because the unit's sandbox keeps a child out of this process's descriptors in /proc.
    /// </summary>
    /// <exception cref="IOException">It cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be created.</exception>
    public static (SharedWord Word, FileStream File) Create()
    {
        var file = new FileStream(Path.Combine(Path.GetTempPath(), $"actors-turn-{Guid.NewGuid():n}"), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            Options = FileOptions.DeleteOnClose,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        return (new SharedWord(file.SafeFileHandle), file);
    }

    /// <summary>Opens the word of the process that started this one.</summary>
    /// <exception cref="IOException">It is not there.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not.</exception>
    public static SharedWord Open(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        return new SharedWord(file);
    }
}
