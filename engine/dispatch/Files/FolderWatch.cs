using Actors.Sdk;

namespace Actors.Dispatch.Files;

/// <summary>
/// Checks a folder whenever something changes in it, and now and then anyway, because the kernel's notices can be lost. While the folder has
/// not settled, it is checked again soon.
/// </summary>
internal sealed class FolderWatch : IAsyncDisposable
{
    /// <summary>How often the folder is checked without any notice.</summary>
    public static readonly TimeSpan RescanEvery = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RescanWithoutNotices = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SettledAtTheLatest = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _hint = new(0, 1);
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly Func<CancellationToken, Task<bool>> _check;
    private readonly IActorLog _log;
    private readonly FolderNotices? _notices;
    private readonly Task _loop;

    /// <param name="folder">The folder, with everything below it; it need not exist.</param>
    /// <param name="time">On a simulated clock, leave out the <paramref name="notices"/>: they arrive in real time.</param>
    /// <param name="notices">Whether to listen to the kernel as well.</param>
    /// <param name="check">Checks the folder, and returns whether it has not settled yet. Called once at a time.</param>
    /// <param name="log">Where problems are logged.</param>
    public FolderWatch(string folder, TimeProvider time, bool notices, Func<CancellationToken, Task<bool>> check, IActorLog log)
    {
        (_folder, _time, _check, _log) = (folder, time, check, log);
        _notices = notices ? new FolderNotices(folder, Hint) : null;
        if (_notices?.Listen() is { } why)
            log.Warn($"{_folder}: changes are noticed only every {RescanWithoutNotices.TotalSeconds:0} s: {why}");
        _loop = LoopAsync();
    }

    /// <summary>Watches a folder as a whole: <paramref name="changed"/> is called when its files have changed and settled.</summary>
    /// <param name="folder">As for the constructor.</param>
    /// <param name="time">As for the constructor.</param>
    /// <param name="notices">As for the constructor.</param>
    /// <param name="changed">Called once at a time. If it throws, the error is logged.</param>
    /// <param name="log">Where problems are logged.</param>
    public static FolderWatch OfFiles(string folder, TimeProvider time, bool notices, Func<Task> changed, IActorLog log)
    {
        // Something that never stops writing is not waited for.
        var debounce = new FileDebounce(time, SettledAtTheLatest);
        var handled = FingerprintOf(folder);
        return new FolderWatch(folder, time, notices, async _ =>
        {
            var now = FingerprintOf(folder);
            if (debounce.HasSettled(folder, now, handled, FileDebounce.Quiet))
            {
                handled = now;
                await changed();
            }
            return debounce.Any;
        }, log);
    }

    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        _notices?.Dispose();
        await _loop;
        _stop.Dispose();
        _hint.Dispose();
    }

    private void Hint()
    {
        try
        {
            _hint.Release();
        }
        catch (Exception error) when (error is SemaphoreFullException or ObjectDisposedException)
        {
            // It is about to check, or it has stopped.
        }
    }

    private async Task LoopAsync()
    {
        var unsettled = false;
        try
        {
            while (true)
            {
                // Notices that arrive while files settle report nothing new: they are checked anyway.
                await (unsettled ? Task.Delay(FileDebounce.Quiet, _time, _stop.Token) : WaitAsync());
                // The folder may have been created, or replaced.
                _ = _notices?.Listen();
                unsettled = await CheckAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task<bool> CheckAsync()
    {
        try
        {
            return await _check(_stop.Token);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            _log.Warn($"{_folder}: {error.Message}");
            return false;
        }
    }

    private async Task WaitAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var rescan = Task.Delay(_notices is { Active: false } ? RescanWithoutNotices : RescanEvery, _time, limit.Token);
        await (_notices is null ? rescan : Task.WhenAny(_hint.WaitAsync(limit.Token), rescan));
        _stop.Token.ThrowIfCancellationRequested();
        limit.Cancel();
    }

    // A file that is replaced by another one of the same size and time has another inode and change time.
    private static string FingerprintOf(string folder)
    {
        try
        {
            return string.Join('\n', new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)
                .Select(file => $"{file.FullName} {FileStat.Of(file.FullName)}")
                .Order(StringComparer.Ordinal));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It is gone, or was removed meanwhile; the next check finds out.
            return error.GetType().Name;
        }
    }
}
