using System.Text;
using Actors.XenStore.Files;
using Actors.XenStore.Protocol;

namespace Actors.XenStore.Server;

/// <summary>
/// The log of rejected requests. The <c>log</c> control command switches it on, and <c>logfile</c> sends it to a file instead of
/// stderr. A log file is opened for appending with mode 0640. The caller must hold the lock of the store.
/// </summary>
internal sealed class AccessLog : IDisposable
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
    private FileStream? _file;

    public bool IsOn { get; set; }

    public bool HasFile => _file is not null;

    /// <summary>Writes a file. Returns <see langword="false"/> if it is not a regular file or cannot be written.</summary>
    public static bool TryWrite(string path, string text)
    {
        if (TryOpen(path) is not { } file)
            return false;
        using (file)
            return TryWrite(file, text);
    }

    /// <summary>Continues the log in a file. Returns <see langword="false"/> if it is not a regular file or cannot be opened.</summary>
    public bool Open(string path)
    {
        if (TryOpen(path) is not { } file)
            return false;
        _file?.Dispose();
        _file = file;
        return true;
    }

    /// <summary>Logs a rejected request.</summary>
    public void Reject(Request request, XenStoreError error)
    {
        if (!IsOn)
            return;
        var payload = Printable.Escape(Encoding.Latin1.GetString(request.Payload[..Math.Min(request.Payload.Length, Printable.Longest)]));
        Write($"connection {request.Session.Id}, request {request.Type} \"{payload}\": {ErrorNames.NameOf(error)}");
    }

    /// <summary>Writes a line with the time. Returns no error, because a full disk must not fail a request.</summary>
    public XenStoreError? Write(string text)
    {
        var line = $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {text}";
        if (_file is not null && TryWrite(_file, line))
            return null;
        Console.Error.WriteLine($"xenstore server: {line}");
        return null;
    }

    public void Dispose() => _file?.Dispose();

    private static FileStream? TryOpen(string path)
    {
        try
        {
            // Opening a FIFO would block the server.
            if (path.Length == 0 || FileStatus.TryRead(path) is { Type: not FileType.RegularFile })
                return null;
            return new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Append,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
                UnixCreateMode = Mode,
            });
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static bool TryWrite(FileStream file, string text)
    {
        try
        {
            file.Write(Encoding.UTF8.GetBytes(text + '\n'));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
