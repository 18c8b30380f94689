using Actors.Sdk;

namespace Actors.Dispatch.Files;

/// <summary>
/// Reports that a folder has changed and is no longer being written to. Files are written in place, in pieces, or renamed over the old
/// ones. The kernel's notices are only hints, because they can be lost; a change counts when two scans in a row agree.
/// </summary>
internal sealed class FolderWatch : IAsyncDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan QuietAtMost = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Rescan = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _hint = new(0, 1);
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly Func<Task> _changed;
    private readonly FolderNotices? _notices;
    private readonly Task _loop;

    /// <param name="folder">The folder, with everything below it. It need not exist.</param>
    /// <param name="time">The clock. On a simulated one, leave <paramref name="notices"/> out, because they come in real time.</param>
    /// <param name="notices">Whether to listen to the kernel's notices as well.</param>
    /// <param name="atOnce">Whether the first call comes as soon as nothing writes to the folder, changed or not.</param>
    /// <param name="changed">Called after each change, one call at a time.</param>
    /// <param name="log">Receives a warning when the kernel gives no notices.</param>
    public FolderWatch(string folder, TimeProvider time, bool notices, bool atOnce, Func<Task> changed, IActorLog log)
    {
        (_folder, _time, _changed) = (folder, time, changed);
        _notices = notices ? new FolderNotices(folder, Hint) : null;
        if (_notices?.Listen() is { } why)
            log.Warn($"{_folder}: changes are only noticed within {Rescan.TotalSeconds:0} s: {why}");
        if (atOnce)
            Hint();
        _loop = LoopAsync(atOnce ? "" : Files(), log);
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
            // A scan is due already, or the watch has stopped.
        }
    }

    private async Task LoopAsync(string reported, IActorLog log)
    {
        try
        {
            while (true)
            {
                await WaitAsync();
                _ = _notices?.Listen();
                var now = Files();
                if (now == reported)
                    continue;
                now = await WaitForQuietAsync(now);
                if (now == reported)
                    continue;
                reported = now;
                try
                {
                    await _changed();
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    log.Warn($"{_folder}: {error.Message}");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task WaitAsync()
    {
        if (_notices is null)
        {
            await Task.Delay(Rescan, _time, _stop.Token);
            return;
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        await Task.WhenAny(_hint.WaitAsync(limit.Token), Task.Delay(Rescan, _time, limit.Token));
        _stop.Token.ThrowIfCancellationRequested();
        limit.Cancel();
    }

    // Scans until two scans agree, but does not wait forever for a writer that never stops.
    private async Task<string> WaitForQuietAsync(string before)
    {
        var begun = _time.GetTimestamp();
        while (true)
        {
            await Task.Delay(Quiet, _time, _stop.Token);
            var now = Files();
            if (now == before || _time.GetElapsedTime(begun) > QuietAtMost)
                return now;
            before = now;
        }
    }

    // A file that is replaced by another of the same size and time differs in its inode and its change time.
    private string Files()
    {
        try
        {
            return string.Join('\n', new DirectoryInfo(_folder).EnumerateFiles("*", SearchOption.AllDirectories)
                .Select(file => $"{file.FullName} {FileStat.Of(file.FullName)}")
                .Order(StringComparer.Ordinal));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The folder is gone, or changed during the scan. The next scan shows which.
            return error.GetType().Name;
        }
    }
}
