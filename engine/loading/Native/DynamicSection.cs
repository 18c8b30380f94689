using System.Buffers.Binary;
using System.Text;

namespace Actors.Loading.Native;

/// <summary>What a string of a dynamic section is for.</summary>
internal enum DynamicStringUse
{
    /// <summary>The name of a library: its own, or of one that it needs.</summary>
    Library,
    RunPath,
    Version,
}

/// <summary>A string in an ELF file.</summary>
/// <param name="Offset">Where it begins in the file, in bytes.</param>
/// <param name="Text">The string.</param>
/// <param name="Use">What it is for.</param>
/// <param name="IsTail">Whether it is the end of a longer string: linkers let strings share their ends.</param>
internal sealed record DynamicString(int Offset, string Text, DynamicStringUse Use, bool IsTail);

/// <summary>
/// The part of an ELF file that the dynamic loader reads: which libraries it needs, and its own name. The layout is that of the System V
/// ABI, chapters 4 and 5, and of the Linux Standard Base for symbol versions. Pure.
/// </summary>
/// <param name="Machine">The processor, as <c>e_machine</c> encodes it.</param>
/// <param name="Soname">The name under which the loader finds it again; <see langword="null"/> when it has none.</param>
/// <param name="Needed">The libraries that it was linked against.</param>
/// <param name="RunPath">Where the loader looks for those; empty when the file does not say.</param>
/// <param name="Strings">All strings that the loader compares.</param>
internal sealed record DynamicSection(ushort Machine, string? Soname, IReadOnlyList<string> Needed, string RunPath, IReadOnlyList<DynamicString> Strings)
{
    private const int HeaderSize = 56;
    private const int EntrySize = 16;
    private const int MaxStrings = 10_000;
    private const int MaxLength = 4096;
    private const uint LoadSegment = 1, DynamicSegment = 2;
    private const ulong NeededTag = 1, StringTableTag = 5, SonameTag = 14, RPathTag = 15, RunPathTag = 29;
    private const ulong NeededVersionsTag = 0x6ffffffe, DefinedVersionsTag = 0x6ffffffc, AuxiliaryTag = 0x7ffffffd, FilterTag = 0x7fffffff;

    /// <summary>Reads the section of a 64-bit little-endian file; <see langword="null"/> when it is another kind of file or has no such section.</summary>
    /// <exception cref="BadImageFormatException">The file is damaged.</exception>
    public static DynamicSection? Read(ReadOnlySpan<byte> content)
    {
        if (content.Length < 64 || !SharedObject.IsElf(content) || content[4] != 2 || content[5] != 1)
            return null;
        try
        {
            return new Reader(content).Read();
        }
        catch (Exception error) when (error is ArgumentOutOfRangeException or IndexOutOfRangeException or OverflowException)
        {
            throw new BadImageFormatException("its dynamic section cannot be read", error);
        }
    }

    private readonly ref struct Reader(ReadOnlySpan<byte> content)
    {
        private readonly ReadOnlySpan<byte> _content = content;
        private readonly List<(ulong Address, ulong Offset, ulong Size)> _segments = [];
        private readonly List<DynamicString> _strings = [];

        public DynamicSection? Read()
        {
            var (table, count) = (ULong(0x20), UShort(0x38));
            var section = (Offset: 0ul, Size: 0ul);
            for (var header = 0ul; header < count; header++)
            {
                var at = checked(table + header * HeaderSize);
                if (UInt(at) == LoadSegment)
                    _segments.Add((ULong(at + 16), ULong(at + 8), ULong(at + 32)));
                else if (UInt(at) == DynamicSegment)
                    section = (ULong(at + 8), ULong(at + 32));
            }
            var entries = Entries(section.Offset, section.Size);
            if (entries.Find(entry => entry.Tag == StringTableTag) is not (not 0, var address))
                return null;
            var strings = ToOffset(address);
            var needed = Texts(entries, strings, DynamicStringUse.Library, NeededTag);
            var soname = Texts(entries, strings, DynamicStringUse.Library, SonameTag);
            Texts(entries, strings, DynamicStringUse.Library, AuxiliaryTag, FilterTag);
            var runPath = Texts(entries, strings, DynamicStringUse.RunPath, RPathTag, RunPathTag);
            foreach (var (tag, value) in entries)
            {
                if (tag == NeededVersionsTag)
                    AddNeededVersions(ToOffset(value), strings);
                else if (tag == DefinedVersionsTag)
                    AddDefinedVersions(ToOffset(value), strings);
            }
            return new DynamicSection(UShort(0x12), soname.FirstOrDefault(), needed, string.Join(':', runPath), _strings);
        }

        private List<(ulong Tag, ulong Value)> Entries(ulong offset, ulong size)
        {
            var entries = new List<(ulong, ulong)>();
            for (var at = offset; at < checked(offset + size) && ULong(at) != 0; at += EntrySize)
                entries.Add((ULong(at), ULong(at + 8)));
            return entries;
        }

        private List<string> Texts(List<(ulong Tag, ulong Value)> entries, ulong strings, DynamicStringUse use, params ReadOnlySpan<ulong> tags)
        {
            var texts = new List<string>();
            foreach (var (tag, value) in entries)
            {
                if (tags.Contains(tag))
                    texts.Add(Add(checked(strings + value), use));
            }
            return texts;
        }

        // Verneed: version, count of auxiliaries (16 bits each), file, offset of the first auxiliary, offset of the next entry (32 bits each).
        private void AddNeededVersions(ulong at, ulong strings)
        {
            for (uint next; ; at = checked(at + next))
            {
                Add(strings + UInt(at + 4), DynamicStringUse.Library);
                var version = checked(at + UInt(at + 8));
                for (var count = UShort(at + 2); count > 0; count--)
                {
                    Add(strings + UInt(version + 8), DynamicStringUse.Version);
                    version = checked(version + UInt(version + 12));
                }
                if ((next = UInt(at + 12)) == 0)
                    return;
            }
        }

        // Verdef: version, flags, index, count (16 bits each), hash, offset of the first name, offset of the next entry. The base entry names the file.
        private void AddDefinedVersions(ulong at, ulong strings)
        {
            for (uint next; ; at = checked(at + next))
            {
                var isBase = (UShort(at + 2) & 1) != 0;
                Add(strings + UInt(checked(at + UInt(at + 12))), isBase ? DynamicStringUse.Library : DynamicStringUse.Version);
                if ((next = UInt(at + 16)) == 0)
                    return;
            }
        }

        private string Add(ulong offset, DynamicStringUse use)
        {
            var at = checked((int)offset);
            var length = _content.Slice(at, Math.Min(MaxLength, _content.Length - at)).IndexOf((byte)0);
            ArgumentOutOfRangeException.ThrowIfNegative(length);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(_strings.Count, MaxStrings);
            var text = Encoding.Latin1.GetString(_content.Slice(at, length));
            _strings.Add(new DynamicString(at, text, use, _content[at - 1] != 0));
            return text;
        }

        private ulong ToOffset(ulong address)
        {
            foreach (var (start, offset, size) in _segments)
            {
                if (address >= start && address - start < size)
                    return checked(offset + (address - start));
            }
            throw new ArgumentOutOfRangeException(nameof(address));
        }

        private ushort UShort(ulong at) => BinaryPrimitives.ReadUInt16LittleEndian(_content[checked((int)at)..]);

        private uint UInt(ulong at) => BinaryPrimitives.ReadUInt32LittleEndian(_content[checked((int)at)..]);

        private ulong ULong(ulong at) => BinaryPrimitives.ReadUInt64LittleEndian(_content[checked((int)at)..]);
    }
}
