using System.Text.Json;
using Actors.Sdk;

namespace Actors.Dispatch.Journal;

/// <summary>
/// The journal as a file, one line of JSON an entry. At its limit it becomes <c>.1</c> and a new one begins, so it never takes
/// more than twice that. A disk that is full costs entries, never a dispatch: it is told once, and once more when it is over.
/// </summary>
internal sealed class FileJournal(string path, IActorLog log, long limitBytes = FileJournal.DefaultLimitBytes) : IJournal, IDisposable
{
    public const long DefaultLimitBytes = 64 * 1024 * 1024;

    private readonly Lock _lock = new();
    private FileStream? _file;
    private bool _failing;

    public string Path { get; } = path;

    public static string Previous(string path) => path + ".1";

    public void Append(JournalEntry entry)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Readable.JournalEntry);
        byte[] line = [.. json, (byte)'\n'];
        lock (_lock)
        {
            try
            {
                _file ??= Open();
                if (_file.Position > 0 && _file.Position + line.Length > limitBytes)
                    Rotate();
                _file.Write(line);
                if (_failing)
                    log.Info($"the journal {Path} can be written again");
                _failing = false;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                if (!_failing)
                    log.Warn($"the journal {Path} cannot be written, so outcomes are not kept: {error.Message}");
                _failing = true;
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
            _file?.Dispose();
    }

    private FileStream Open()
    {
        if (System.IO.Path.GetDirectoryName(Path) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
        // Unbuffered: a line is in the kernel's hands when Append returns, and survives a kill.
        return new FileStream(Path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }

    private void Rotate()
    {
        _file!.Dispose();
        _file = null;
        File.Move(Path, Previous(Path), overwrite: true);
        _file = Open();
    }
}
