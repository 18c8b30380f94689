using Actors.Dispatch.Journal;

namespace Actors.Cli.Commands;

/// <summary>Reads the journal for a command.</summary>
internal static class JournalAccess
{
    /// <summary>Returns why the journal cannot be read; <see langword="null"/> when <paramref name="entries"/> has all of it.</summary>
    public static string? Read(string path, out IReadOnlyList<JournalEntry> entries)
    {
        entries = [];
        try
        {
            if (!Path.Exists(path) && !File.Exists(FileJournal.Previous(path)))
                return $"cannot read the journal {path}: it does not exist";
            entries = [.. JournalReader.Read(path)];
            return Directory.Exists(path) ? $"cannot read the journal {path}: it is a folder" : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"cannot read the journal {path}: {error.Message}";
        }
    }
}
