using System.Runtime.InteropServices;

namespace Actors.XenStore.Files;

/// <summary>The type of a file.</summary>
internal enum FileType
{
    Other,
    RegularFile,
    Directory,
    SymbolicLink,
    CharacterDevice,
    BlockDevice,
    Fifo,
    Socket,
}

/// <summary>The type and the inode of a file, which .NET does not offer.</summary>
internal readonly partial record struct FileStatus(FileType Type, ulong Inode)
{
    /// <summary>The type with its article, for a message.</summary>
    public string Description => Type switch
    {
        FileType.RegularFile => "a regular file",
        FileType.Directory => "a directory",
        FileType.SymbolicLink => "a symbolic link",
        FileType.CharacterDevice => "a device",
        FileType.BlockDevice => "a block device",
        FileType.Fifo => "a FIFO",
        FileType.Socket => "a socket",
        _ => "a file of an unknown type",
    };

    /// <summary>Reads the status of a file. Returns <see langword="null"/> if it does not exist or is not accessible.</summary>
    public static FileStatus? TryRead(string path, bool followLinks = false)
    {
        // struct statx has the same layout on every machine: the mode at 28, the inode at 32 (linux/stat.h).
        const int CurrentDirectory = -100, DoNotFollow = 0x100;
        const uint TypeAndInode = 0x101;
        Span<byte> status = stackalloc byte[256];
        if (Statx(CurrentDirectory, path, followLinks ? 0 : DoNotFollow, TypeAndInode, ref status[0]) != 0)
            return null;
        return new FileStatus(TypeOf(BitConverter.ToUInt16(status[28..])), BitConverter.ToUInt64(status[32..]));
    }

    private static FileType TypeOf(int mode) => (mode & 0xF000) switch
    {
        0x1000 => FileType.Fifo,
        0x2000 => FileType.CharacterDevice,
        0x4000 => FileType.Directory,
        0x6000 => FileType.BlockDevice,
        0x8000 => FileType.RegularFile,
        0xA000 => FileType.SymbolicLink,
        0xC000 => FileType.Socket,
        _ => FileType.Other,
    };

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, ref byte status);
}
