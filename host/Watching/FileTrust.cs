using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Actors.Host.Watching;

/// <summary>Whether a file or folder that holds code may be loaded: its owner must be root or this user, and nobody else able to write it.</summary>
internal static partial class FileTrust
{
    // struct statx of <linux/stat.h>, the same on every architecture.
    private const int Size = 256;
    private const int UidAt = 20;
    private const int GidAt = 24;
    private const int ModeAt = 28;
    private const uint BasicStats = 0x7ff;
    private const int CurrentFolder = -100;

    /// <summary>Why it is not trusted, and what mends it; <see langword="null"/> when it is.</summary>
    public static string? Refusal(string path)
    {
        var status = new byte[Size];
        if (Status(CurrentFolder, path, 0, BasicStats, ref status[0]) != 0)
            return $"{path}: {Marshal.GetLastPInvokeErrorMessage()}";
        var owner = BinaryPrimitives.ReadUInt32LittleEndian(status.AsSpan(UidAt));
        var group = BinaryPrimitives.ReadUInt32LittleEndian(status.AsSpan(GidAt));
        var mode = (UnixFileMode)(BinaryPrimitives.ReadUInt16LittleEndian(status.AsSpan(ModeAt)) & 0xfff);
        if (owner != 0 && owner != EffectiveUser())
            return $"{path}: it belongs to user {owner}, who could put any code into it; 'chown root {path}' or remove it";
        // A group with its owner's own number is the private one that most systems give each user.
        var othersWrite = mode.HasFlag(UnixFileMode.OtherWrite) || (mode.HasFlag(UnixFileMode.GroupWrite) && group != owner);
        return othersWrite
            ? $"{path}: others can write it (mode {Convert.ToString((int)mode, 8)}), so it could hold anybody's code; 'chmod go-w {path}'"
            : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int folder, string path, int flags, uint mask, ref byte status);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
