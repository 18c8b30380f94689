namespace Actors.Dispatch.Journal;

/// <summary>A file cannot serve as the journal: it is not a regular file, or another daemon writes to it.</summary>
internal sealed class JournalException(string message) : IOException(message);
