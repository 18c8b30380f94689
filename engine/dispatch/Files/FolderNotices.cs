namespace Actors.Dispatch.Files;

/// <summary>
/// The kernel's notices of changes in a folder or below it. They are only hints: they are lost when the queue is full or the folder is
/// replaced, and a network mount reports no changes that were made elsewhere.
/// </summary>
/// <param name="folder">The folder, which need not exist.</param>
/// <param name="changed">Called on any thread, also when notices were lost.</param>
internal sealed class FolderNotices(string folder, Action changed) : IDisposable
{
    private volatile FileSystemWatcher? _watcher;

    public bool Active => _watcher is not null;

    /// <summary>Starts to listen, or starts again after a loss. Does nothing if it already listens.</summary>
    /// <returns>The reason why there are no notices; <see langword="null"/> when there are.</returns>
    public string? Listen()
    {
        if (Active)
            return null;
        try
        {
            var watcher = new FileSystemWatcher(folder)
            {
                IncludeSubdirectories = true,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.Attributes,
            };
            watcher.Changed += (_, _) => changed();
            watcher.Created += (_, _) => changed();
            watcher.Deleted += (_, _) => changed();
            watcher.Renamed += (_, _) => changed();
            watcher.Error += (_, _) => Drop(watcher);
            watcher.EnableRaisingEvents = true;
            _watcher = watcher;
            return null;
        }
        catch (Exception error) when (error is IOException or ArgumentException)
        {
            return error.Message;
        }
    }

    public void Dispose() => _watcher?.Dispose();

    private void Drop(FileSystemWatcher watcher)
    {
        watcher.Dispose();
        _watcher = null;
        changed();
    }
}
