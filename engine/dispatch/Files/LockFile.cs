namespace Actors.Dispatch.Files;

/// <summary>
/// A file that only one process at a time can hold. The kernel releases it with the process. Other users cannot open it, because flock(2) lets
/// everyone who can open a file keep others from it.
/// </summary>
internal static class LockFile
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int WouldBlock = 11;

    /// <summary>Takes the file; <see langword="null"/> if another process holds it.</summary>
    /// <exception cref="IOException">The file cannot be opened or created.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be opened or created.</exception>
    public static FileStream? TryTake(string path)
    {
        try
        {
            var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = Mode,
            });
            // The umask can remove too much, and the file may be older than this rule.
            File.SetUnixFileMode(file.SafeFileHandle, Mode);
            return file;
        }
        catch (IOException error) when (error.HResult == WouldBlock)
        {
            return null;
        }
    }
}
