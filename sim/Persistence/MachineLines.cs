using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Actors.Sim.Persistence;

/// <summary>
/// The lines of a <see cref="MachineFile"/>: a checksum in hexadecimal digits, a space, and an entry in JSON. The checksum covers all
/// lines up to its own, so a changed, missing or reordered line is noticed.
/// </summary>
internal sealed class MachineLines
{
    private const int ChecksumBytes = 8;
    private const int PrefixLength = 2 * ChecksumBytes + 1;

    private readonly byte[] _sum = new byte[SHA256.HashSizeInBytes];

    /// <summary>The next line of the file, with its line break.</summary>
    public byte[] Write(MachineEntry entry) => Write(JsonSerializer.SerializeToUtf8Bytes(entry, MachineJson.Default.MachineEntry));

    /// <summary>The next line of the file, from the JSON of its entry.</summary>
    public byte[] Write(ReadOnlySpan<byte> json) => [.. Encoding.ASCII.GetBytes(Checksum(json)), (byte)' ', .. json, (byte)'\n'];

    /// <summary>Reads the next line of the file, without its line break. The result is <see langword="null"/> when the line is damaged.</summary>
    public MachineEntry? Read(ReadOnlySpan<byte> line)
    {
        if (line.Length < PrefixLength)
            return null;
        var json = line[PrefixLength..];
        return Encoding.ASCII.GetString(line[..PrefixLength]) == $"{Checksum(json)} " ? Parse(json) : null;
    }

    private string Checksum(ReadOnlySpan<byte> json)
    {
        SHA256.HashData([.. _sum, .. json], _sum);
        return Convert.ToHexStringLower(_sum.AsSpan(0, ChecksumBytes));
    }

    private static MachineEntry? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, MachineJson.Default.MachineEntry);
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            return null;
        }
    }
}
