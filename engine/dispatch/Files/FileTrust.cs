namespace Actors.Dispatch.Files;

/// <summary>Decides whether a file or folder that holds code may be loaded.</summary>
internal static class FileTrust
{
    /// <summary>Why the file is not trusted, and how to fix that; <see langword="null"/> if it is.</summary>
    public static string? Refusal(string path) => FileStat.Of(path) is { } stat
        ? Permissions.Problems(path, [new ListedFile("", stat)], FileStat.CurrentUser()).FirstOrDefault()
        : $"'{path}' cannot be read: it is gone, or this user may not enter a folder above it";
}
