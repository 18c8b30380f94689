using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Actors.Dispatch.Files;

internal enum FileKind
{
    File,
    Folder,
    Other,
}

/// <summary>What the kernel says of a file: who owns it, who may write it, and the marks by which a change is seen.</summary>
internal sealed partial record FileStat(FileKind Kind, uint Owner, uint Group, UnixFileMode Mode, ulong Inode, long Size, Moment Modified, Moment Changed)
{
    private const int Size64 = 256;
    private const int RelativeToHere = -100;
    private const uint Basics = 0x7ff;

    /// <summary>Of what is there, behind links; <see langword="null"/> when nothing is.</summary>
    public static FileStat? Of(string path)
    {
        Span<byte> status = stackalloc byte[Size64];
        if (Status(RelativeToHere, path, 0, Basics, ref MemoryMarshal.GetReference(status)) != 0)
            return null;
        var mode = BinaryPrimitives.ReadUInt16LittleEndian(status[28..]);
        var kind = (mode & 0xf000) switch
        {
            0x8000 => FileKind.File,
            0x4000 => FileKind.Folder,
            _ => FileKind.Other,
        };
        return new FileStat(
            kind, BinaryPrimitives.ReadUInt32LittleEndian(status[20..]), BinaryPrimitives.ReadUInt32LittleEndian(status[24..]),
            (UnixFileMode)(mode & 0xfff), BinaryPrimitives.ReadUInt64LittleEndian(status[32..]), BinaryPrimitives.ReadInt64LittleEndian(status[40..]),
            Moment.Read(status[112..]), Moment.Read(status[96..]));
    }

    /// <summary>Whom this process acts for.</summary>
    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint CurrentUser();

    // statx(2): its layout is the same on every architecture, which stat's is not.
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int directory, string path, int flags, uint mask, ref byte status);
}

/// <summary>Seconds and nanoseconds since 1970.</summary>
internal readonly record struct Moment(long Seconds, uint Nanoseconds)
{
    public static Moment Read(ReadOnlySpan<byte> timestamp) =>
        new(BinaryPrimitives.ReadInt64LittleEndian(timestamp), BinaryPrimitives.ReadUInt32LittleEndian(timestamp[8..]));
}

/// <summary>A file or folder in a plugin's folder; its name is relative to that, with '/', and empty for the folder itself.</summary>
internal sealed record ListedFile(string Name, FileStat Stat);
