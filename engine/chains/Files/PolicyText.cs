using System.Text;
using Actors.Yaml;

namespace Actors.Chains.Files;

/// <summary>Reads the text of a file that people write; what prevents that is a problem of the file.</summary>
internal static class PolicyText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of a file; <see langword="null"/> if it cannot be read or is not trusted.</summary>
    public static string? Read(string file, YamlProblems problems) =>
        PolicyReader.Bytes(file, problems) is { } bytes ? Decode(bytes, problems) : null;

    /// <summary>Decodes text, by its byte order mark if it has one, else as UTF-8.</summary>
    public static string? Decode(byte[] bytes, YamlProblems problems)
    {
        try
        {
            using var reader = new StreamReader(new MemoryStream(bytes), Strict, detectEncodingFromByteOrderMarks: true);
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException)
        {
            problems.Add(new Mark(1, 1), "the file is not UTF-8 text");
            return null;
        }
    }
}
