using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Actors.Dispatch.Files;
using Actors.Sdk.Text;

namespace Actors.Dispatch.Journal;

/// <summary>
/// The journal as a file with one line of JSON per entry. A file that reaches its limit is renamed to <c>.1</c> and a new one begins, so
/// both together never exceed twice the limit. Other tools may rename or truncate the file at any time.
/// </summary>
internal sealed partial class FileJournal(string path, long limitBytes = FileJournal.DefaultLimitBytes) : IJournal, IDisposable
{
    public const long DefaultLimitBytes = 64 * 1024 * 1024;

    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    private readonly Lock _lock = new();
    private FileStream? _claim;
    private FileStream? _file;
    private ulong _inode;
    private bool _torn;

    public string Path { get; } = path;

    public static string Previous(string path) => path + ".1";

    /// <summary>Opens the file before the first entry, to find out whether it can be written.</summary>
    /// <exception cref="JournalException">The file can never be this daemon's journal.</exception>
    /// <exception cref="IOException">The file is not writable now.</exception>
    /// <exception cref="UnauthorizedAccessException">The file is not writable now.</exception>
    public void Open()
    {
        lock (_lock)
            _file ??= OpenFile();
    }

    public void Append(JournalEntry entry)
    {
        // People look at the file in a terminal, too.
        var json = Encoding.UTF8.GetBytes(Printable.Json(JsonSerializer.Serialize(entry, JournalJson.Readable.JournalEntry)));
        lock (_lock)
        {
            // Another tool may have renamed the file, and perhaps made a new one.
            if (_file is not null && FileStat.Of(Path)?.Inode != _inode)
                Close();
            _file ??= OpenFile();
            var size = RandomAccess.GetLength(_file.SafeFileHandle);
            if (size > 0 && size + json.Length + (_torn ? 2 : 1) > limitBytes)
                Rotate();
            byte[] line = _torn ? [(byte)'\n', .. json, (byte)'\n'] : [.. json, (byte)'\n'];
            _torn = true;
            // The kernel appends whatever the offset says. When this returns, it has the line, and the line survives a kill.
            RandomAccess.Write(_file!.SafeFileHandle, line, 0);
            _torn = false;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            Close();
            _claim?.Dispose();
        }
    }

    private FileStream OpenFile()
    {
        if (System.IO.Path.GetDirectoryName(Path) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
        if (RegularFile.Problem(Path) is { } problem)
            throw new JournalException($"the journal {problem}");
        _claim ??= Claim();
        var isNew = !File.Exists(Path);
        var file = new FileStream(Path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            UnixCreateMode = Mode,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        });
        try
        {
            if (isNew)
                File.SetUnixFileMode(file.SafeFileHandle, Mode);
            if (SetFlags(file.SafeFileHandle, SetStatusFlags, AppendFlag) != 0)
                throw new IOException($"{Path}: {Marshal.GetLastPInvokeErrorMessage()}");
            // Another daemon can have the same file by another name, a hard link, for which the claim is another one too.
            if (!RecordLock.TryTake(file.SafeFileHandle))
                throw Taken();
            _inode = FileStat.Of(Path)?.Inode ?? 0;
            _torn = IsTorn(file);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    // A lock on the journal itself is not enough: it is lost when the file is renamed.
    private FileStream Claim() => LockFile.TryTake(Path + ".lock") ?? throw Taken();

    private JournalException Taken() => new($"the journal '{Path}' belongs to another running daemon; choose another one with --journal");

    // The last line has no end when the previous daemon was killed or the disk was full.
    private static bool IsTorn(FileStream file)
    {
        var size = RandomAccess.GetLength(file.SafeFileHandle);
        Span<byte> last = stackalloc byte[1];
        return size > 0 && RandomAccess.Read(file.SafeFileHandle, last, size - 1) == 1 && last[0] != '\n';
    }

    private void Rotate()
    {
        Close();
        File.Move(Path, Previous(Path), overwrite: true);
        _file = OpenFile();
    }

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    private const int SetStatusFlags = 4;
    private const int AppendFlag = 0x400;

    // .NET has no O_APPEND: it remembers its own position, which is wrong once the file has been truncated.
    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int SetFlags(SafeHandle file, int command, int flags);
}
