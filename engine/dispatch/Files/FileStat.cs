using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Actors.Dispatch.Files;

/// <summary>The status of a file: its owner, its permissions, and what shows that it has changed.</summary>
internal sealed partial record FileStat(FileKind Kind, uint Owner, uint Group, UnixFileMode Mode, ulong Inode, long Size, Moment Modified, Moment Changed)
{
    private const int Size64 = 256;
    private const int RelativeToHere = -100;
    private const int DoNotFollow = 0x100;
    private const uint Basics = 0x7ff;

    /// <summary>Returns the status of a path, following links; <see langword="null"/> when nothing is there.</summary>
    public static FileStat? Of(string path) => Of(path, flags: 0);

    /// <summary>Returns the status of a path that may itself be a symbolic link; <see langword="null"/> when nothing is there.</summary>
    public static FileStat? OfLink(string path) => Of(path, DoNotFollow);

    private static FileStat? Of(string path, int flags)
    {
        Span<byte> status = stackalloc byte[Size64];
        if (Status(RelativeToHere, path, flags, Basics, ref MemoryMarshal.GetReference(status)) != 0)
            return null;
        var mode = BinaryPrimitives.ReadUInt16LittleEndian(status[28..]);
        var kind = (mode & 0xf000) switch
        {
            0x8000 => FileKind.File,
            0x4000 => FileKind.Folder,
            0xa000 => FileKind.Link,
            _ => FileKind.Other,
        };
        return new FileStat(
            kind, BinaryPrimitives.ReadUInt32LittleEndian(status[20..]), BinaryPrimitives.ReadUInt32LittleEndian(status[24..]),
            (UnixFileMode)(mode & 0xfff), BinaryPrimitives.ReadUInt64LittleEndian(status[32..]), BinaryPrimitives.ReadInt64LittleEndian(status[40..]),
            Moment.Read(status[112..]), Moment.Read(status[96..]));
    }

    /// <summary>The user of this process.</summary>
    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint CurrentUser();

    // statx(2): its layout is the same on every architecture, which stat's is not.
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int directory, string path, int flags, uint mask, ref byte status);
}
