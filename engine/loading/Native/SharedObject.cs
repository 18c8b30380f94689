using System.Buffers.Binary;

namespace Actors.Loading.Native;

/// <summary>Whether a native library in ELF is complete. A truncated one kills the process that maps it. Pure.</summary>
internal static class SharedObject
{
    private const int HeaderSize = 64;
    private const byte Bits64 = 2;

    /// <summary>Whether a file says that it is an ELF file.</summary>
    public static bool IsElf(ReadOnlySpan<byte> content) => content.StartsWith("\u007fELF"u8);

    /// <summary>Why the file cannot be complete; <see langword="null"/> when it can be.</summary>
    public static string? FindDamage(ReadOnlySpan<byte> content)
    {
        if (content.Length < HeaderSize)
            return "its header is truncated";
        // Linkers write the section table last.
        var (table, entry, count) = content[4] == Bits64
            ? (BinaryPrimitives.ReadUInt64LittleEndian(content[0x28..]), BinaryPrimitives.ReadUInt16LittleEndian(content[0x3a..]), BinaryPrimitives.ReadUInt16LittleEndian(content[0x3c..]))
            : (BinaryPrimitives.ReadUInt32LittleEndian(content[0x20..]), BinaryPrimitives.ReadUInt16LittleEndian(content[0x2e..]), BinaryPrimitives.ReadUInt16LittleEndian(content[0x30..]));
        var end = (UInt128)table + (UInt128)(entry * count);
        return end > (UInt128)content.Length ? $"it should have at least {end} bytes, but has {content.Length}" : null;
    }
}
