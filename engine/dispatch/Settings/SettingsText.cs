using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Actors.Dispatch.Settings;

/// <summary>
/// The format of the settings file: a header, then one line per record, with a checksum, a space and JSON. The last line of a UUID counts;
/// a record without keys removes it. Pure.
/// </summary>
internal static class SettingsText
{
    private const string Header = "actors settings 1";
    private const int ChecksumBytes = 8;
    private const int PrefixLength = 2 * ChecksumBytes + 1;

    public static byte[] Write(IEnumerable<SettingsRecord> records) => [.. Encoding.ASCII.GetBytes($"{Header}\n"), .. records.SelectMany(Write)];

    public static byte[] Write(SettingsRecord record)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(record, SettingsJson.Readable.SettingsRecord);
        return [.. Encoding.ASCII.GetBytes(Checksum(json)), (byte)' ', .. json, (byte)'\n'];
    }

    /// <summary>Reads a file. A damaged line costs nothing but itself. A last line without a line break was cut off by a kill, and is ignored.</summary>
    /// <returns>The records, and what is wrong with the file; <see langword="null"/> when nothing is.</returns>
    public static (IReadOnlyList<SettingsRecord> Records, string? Problem) Read(ReadOnlySpan<byte> text)
    {
        var (records, damaged, number) = (new Dictionary<Guid, SettingsRecord>(), new List<int>(), 0);
        for (; text.IndexOf((byte)'\n') is >= 0 and var length; text = text[(length + 1)..])
        {
            var line = text[..length];
            if (++number == 1)
            {
                if (!line.SequenceEqual(Encoding.ASCII.GetBytes(Header)))
                    return ([], $"its first line is not '{Header}', so it is damaged or was written by another version");
            }
            else if (line.Length > 0)
            {
                if (TryReadLine(line) is { } record)
                    Apply(records, record);
                else
                    damaged.Add(number);
            }
        }
        if (number == 0 && text.Length > 0)
            return ([], "it has no complete line");
        return ([.. records.Values], damaged.Count == 0 ? null : $"line {damaged[0]} is damaged{(damaged.Count > 1 ? $", and {damaged.Count - 1} more" : "")}");
    }

    private static void Apply(Dictionary<Guid, SettingsRecord> records, SettingsRecord record)
    {
        if (record.Keys.Count == 0)
            records.Remove(record.Uuid);
        else
            records[record.Uuid] = record;
    }

    private static SettingsRecord? TryReadLine(ReadOnlySpan<byte> line)
    {
        if (line.Length < PrefixLength || Encoding.ASCII.GetString(line[..PrefixLength]) != $"{Checksum(line[PrefixLength..])} ")
            return null;
        try
        {
            return JsonSerializer.Deserialize(line[PrefixLength..], SettingsJson.Readable.SettingsRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Checksum(ReadOnlySpan<byte> json) => Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, ChecksumBytes));
}

[JsonSerializable(typeof(SettingsRecord))]
internal sealed partial class SettingsJson : JsonSerializerContext
{
    public static SettingsJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    });
}
