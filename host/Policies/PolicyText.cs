using System.Text;
using Actors.Yaml;

namespace Actors.Host.Policies;

/// <summary>Reads the text of a file that people write; what stands in the way is a problem of that file.</summary>
internal static class PolicyText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary><see langword="null"/> when it cannot be read.</summary>
    public static string? Read(string file, YamlProblems problems)
    {
        var start = new Mark(1, 1);
        try
        {
            if (new FileInfo(file).Length <= YamlFile.MaxBytes)
                return File.ReadAllText(file, Strict);
            problems.Add(start, $"the file is larger than {YamlFile.MaxBytes / 1024 / 1024} MiB; no policy is");
        }
        catch (DecoderFallbackException)
        {
            problems.Add(start, "the file is not text in UTF-8");
        }
        catch (FileNotFoundException)
        {
            problems.Add(start, "there is no such file");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems.Add(start, error.Message);
        }
        return null;
    }
}
