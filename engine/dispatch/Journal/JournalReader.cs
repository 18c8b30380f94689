using System.Text.Json;

namespace Actors.Dispatch.Journal;

/// <summary>Reads a journal back, the older file first. A line that was cut off by a crash is passed over.</summary>
internal static class JournalReader
{
    public static IEnumerable<JournalEntry> Read(string path)
    {
        foreach (var file in new[] { FileJournal.Previous(path), path }.Where(File.Exists))
        {
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
            return JsonSerializer.Deserialize(line, JournalJson.Readable.JournalEntry);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
