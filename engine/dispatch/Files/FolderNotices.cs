namespace Actors.Dispatch.Files;

/// <summary>
/// The kernel's notices that something has changed in a folder or below it. They are only hints: they can be lost when their queue is full
/// or the folder is removed, and on a network mount other machines' changes cause none.
/// </summary>
/// <param name="folder">The folder, which need not exist.</param>
/// <param name="changed">Called on any thread; also when notices were lost.</param>
internal sealed class FolderNotices(string folder, Action changed) : IDisposable
{
    private volatile FileSystemWatcher? _watcher;

    /// <summary>Whether notices arrive.</summary>
    public bool Active => _watcher is not null;

    /// <summary>Starts to listen, or starts again after a loss; does nothing when it already listens.</summary>
    /// <returns>Why no notices arrive; <see langword="null"/> when they do.</returns>
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
            watcher.Error += (_, _) => Stop(watcher);
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

    private void Stop(FileSystemWatcher watcher)
    {
        watcher.Dispose();
        _watcher = null;
        changed();
    }
}
