namespace Actors.Dispatch.Files;

/// <summary>Opening a FIFO or a device can block or have side effects, so only regular files are opened.</summary>
internal static class RegularFile
{
    /// <summary>Returns why the path is not a regular file; <see langword="null"/> when it is one, or when nothing is there.</summary>
    public static string? Problem(string path) => Problem(path, FileStat.OfLink(path));

    /// <summary>Like <see cref="Problem(string)"/>, but a symbolic link to a regular file is accepted.</summary>
    public static string? ProblemBehindLinks(string path) => Problem(path, FileStat.Of(path));

    private static string? Problem(string path, FileStat? stat) => stat switch
    {
        null or { Kind: FileKind.File } => null,
        { Kind: FileKind.Folder } => $"'{path}' is a folder; a regular file is required",
        { Kind: FileKind.Link } => $"'{path}' is a symbolic link; a regular file is required",
        _ => $"'{path}' is a FIFO, a socket or a device; a regular file is required",
    };
}
