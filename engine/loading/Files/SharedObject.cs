using System.Buffers.Binary;

namespace Actors.Loading.Files;

/// <summary>A native library in ELF: whether all of it is there. One that is cut short kills the process that maps it. Pure.</summary>
internal static class SharedObject
{
    private const int HeaderSize = 64;
    private const byte Bits64 = 2;

    public static bool Claims(ReadOnlySpan<byte> content) => content.StartsWith("\u007fELF"u8);

    /// <summary>Why it cannot be a whole one; <see langword="null"/> when it can.</summary>
    public static string? Broken(ReadOnlySpan<byte> content)
    {
        if (content.Length < HeaderSize)
            return "its header is cut short";
        // The table of sections stands last in what linkers write.
        var (table, entry, count) = content[4] == Bits64
            ? (BinaryPrimitives.ReadUInt64LittleEndian(content[0x28..]), BinaryPrimitives.ReadUInt16LittleEndian(content[0x3a..]), BinaryPrimitives.ReadUInt16LittleEndian(content[0x3c..]))
            : (BinaryPrimitives.ReadUInt32LittleEndian(content[0x20..]), BinaryPrimitives.ReadUInt16LittleEndian(content[0x2e..]), BinaryPrimitives.ReadUInt16LittleEndian(content[0x30..]));
        var end = (UInt128)table + (UInt128)(entry * count);
        return end > (UInt128)content.Length ? $"it should have {end} bytes at least, and has {content.Length}" : null;
    }
}
