namespace Actors.Dispatch.Files;

/// <summary>A file or folder in a plugin's folder. The name is relative to that folder, with '/', and empty for the folder itself.</summary>
internal sealed record ListedFile(string Name, FileStat Stat);
