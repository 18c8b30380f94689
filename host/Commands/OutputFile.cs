using System.CommandLine;
using Actors.Cli.CommandLine;

namespace Actors.Host.Commands;

/// <summary>Files that a command writes at its end. That they cannot be written must be known before it begins.</summary>
internal static class OutputFile
{
    /// <summary>An option with the path of such a file.</summary>
    public static Option<string?> Option(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "FILE" }.AsPath();
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..] && Problem(token.Value) is { } problem)
                result.AddError($"{name}: {problem}");
        });
        return option;
    }

    /// <summary>Writes a file as a whole or not at all.</summary>
    public static void Write(string path, string text)
    {
        var unfinished = $"{path}.{Environment.ProcessId}.tmp";
        File.WriteAllText(unfinished, text);
        File.Move(unfinished, path, overwrite: true);
    }

    private static string? Problem(string path)
    {
        // AsPath has rejected it.
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
            return null;
        if (Directory.Exists(path))
            return $"{path} is a folder; expected the path of a file";
        return Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder) ? $"there is no folder {folder}" : null;
    }
}
