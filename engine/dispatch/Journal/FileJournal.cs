using System.Text.Json;
using Actors.Sdk;

namespace Actors.Dispatch.Journal;

/// <summary>
/// The journal as a file with one line of JSON per entry. A file that reaches its limit is renamed to <c>.1</c> and a new one begins, so
/// both together never exceed twice the limit. A full disk loses entries but never stops a run. It is logged once, and once more when it is over.
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
                    log.Info($"the journal {Path} is writable again");
                _failing = false;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                if (!_failing)
                    log.Warn($"the journal {Path} is not writable, so outcomes are not kept: {error.Message}");
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
        // Unbuffered: when Append returns, the kernel has the line, and it survives a kill.
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
