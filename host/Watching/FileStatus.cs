using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Actors.Host.Watching;

/// <summary>What the kernel knows of a file, and .NET does not tell.</summary>
/// <param name="Owner">The user's number.</param>
/// <param name="Group">The group's number.</param>
/// <param name="Mode">Who may do what.</param>
/// <param name="Inode">Which file it is, whatever its name.</param>
/// <param name="Changed">When it was last written, renamed or given away, in nanoseconds; nobody can set this one.</param>
internal readonly partial record struct FileStatus(uint Owner, uint Group, UnixFileMode Mode, ulong Inode, long Changed)
{
    // struct statx of <linux/stat.h>, the same on every architecture.
    private const int Size = 256;
    private const int UidAt = 20;
    private const int GidAt = 24;
    private const int ModeAt = 28;
    private const int InodeAt = 32;
    private const int ChangedAt = 96;
    private const uint BasicStats = 0x7ff;
    private const int CurrentFolder = -100;
    private const long PerSecond = 1_000_000_000;

    /// <summary>Of what a link leads to; <see langword="null"/> when it cannot be told, with the last error of the platform.</summary>
    public static FileStatus? Of(string path)
    {
        var status = new byte[Size];
        if (Status(CurrentFolder, path, 0, BasicStats, ref status[0]) != 0)
            return null;
        var changed = status.AsSpan(ChangedAt);
        return new FileStatus(
            BinaryPrimitives.ReadUInt32LittleEndian(status.AsSpan(UidAt)),
            BinaryPrimitives.ReadUInt32LittleEndian(status.AsSpan(GidAt)),
            (UnixFileMode)(BinaryPrimitives.ReadUInt16LittleEndian(status.AsSpan(ModeAt)) & 0xfff),
            BinaryPrimitives.ReadUInt64LittleEndian(status.AsSpan(InodeAt)),
            (BinaryPrimitives.ReadInt64LittleEndian(changed) * PerSecond) + BinaryPrimitives.ReadUInt32LittleEndian(changed[sizeof(long)..]));
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int folder, string path, int flags, uint mask, ref byte status);
}
