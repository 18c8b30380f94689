namespace Actors.Dispatch.Files;

/// <summary>
/// The kernel's notices that something stirs in a folder or below it. Hints only: they can be lost, by a full queue, with the folder itself,
/// or on a network mount, where others' changes bring none.
/// </summary>
/// <param name="folder">It need not exist.</param>
/// <param name="stirred">Called from any thread; also when notices were lost.</param>
internal sealed class FolderNotices(string folder, Action stirred) : IDisposable
{
    private volatile FileSystemWatcher? _watcher;

    public bool Come => _watcher is not null;

    /// <summary>Begins to listen, or begins again after a loss; nothing when it listens already.</summary>
    /// <returns>Why no notices come; <see langword="null"/> when they do.</returns>
    public string? Listen()
    {
        if (Come)
            return null;
        try
        {
            var watcher = new FileSystemWatcher(folder)
            {
                IncludeSubdirectories = true,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.Attributes,
            };
            watcher.Changed += (_, _) => stirred();
            watcher.Created += (_, _) => stirred();
            watcher.Deleted += (_, _) => stirred();
            watcher.Renamed += (_, _) => stirred();
            watcher.Error += (_, _) => Forget(watcher);
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

    private void Forget(FileSystemWatcher watcher)
    {
        watcher.Dispose();
        _watcher = null;
        stirred();
    }
}
