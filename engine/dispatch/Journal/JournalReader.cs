using System.Text.Json;
using Actors.Dispatch.Files;

namespace Actors.Dispatch.Journal;

/// <summary>Reads a journal, the older file first. A line that is not an entry, for example because a crash cut it off, is skipped.</summary>
internal static class JournalReader
{
    /// <exception cref="IOException">The journal cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The journal cannot be read.</exception>
    public static IEnumerable<JournalEntry> Read(string path)
    {
        foreach (var file in new[] { FileJournal.Previous(path), path }.Where(File.Exists))
        {
            if (RegularFile.Problem(file) is { } problem)
                throw new JournalException(problem);
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            while (reader.ReadLine() is { } line)
            {
                if (Parse(line) is { } entry)
                    yield return entry;
            }
        }
    }

    private static JournalEntry? Parse(string line)
    {
        try
        {
            var entry = JsonSerializer.Deserialize(line, JournalJson.Strict.JournalEntry);
            return entry is null || entry.Steps.Contains(null!) || entry.Shadows?.Contains(null!) == true ? null : entry;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
