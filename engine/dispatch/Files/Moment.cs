using System.Buffers.Binary;

namespace Actors.Dispatch.Files;

/// <summary>A time of a file, in seconds and nanoseconds since 1970.</summary>
internal readonly record struct Moment(long Seconds, uint Nanoseconds)
{
    public static Moment Read(ReadOnlySpan<byte> timestamp) =>
        new(BinaryPrimitives.ReadInt64LittleEndian(timestamp), BinaryPrimitives.ReadUInt32LittleEndian(timestamp[8..]));
}
