using System.Text;
using Actors.Yaml;

namespace Actors.Chains.Files;

/// <summary>The text of a file that people write; what stands in the way is a problem of that file.</summary>
internal static class PolicyText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary><see langword="null"/> when it cannot be read, or is not trusted.</summary>
    public static string? Read(string file, YamlProblems problems) =>
        PolicyReader.Bytes(file, problems) is { } bytes ? Decode(bytes, problems) : null;

    /// <summary>Whatever order of bytes an editor wrote, if it says so; else UTF-8.</summary>
    public static string? Decode(byte[] bytes, YamlProblems problems)
    {
        try
        {
            using var reader = new StreamReader(new MemoryStream(bytes), Strict, detectEncodingFromByteOrderMarks: true);
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException)
        {
            problems.Add(new Mark(1, 1), "the file is not text in UTF-8");
            return null;
        }
    }
}
