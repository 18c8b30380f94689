using Actors.Sdk;

namespace Actors.Dispatch.Files;

/// <summary>
/// Tells when a folder has changed and come to rest: files are written in place, in pieces, or renamed over the old ones. The kernel's
/// notices are hints only, because they can be lost; what counts is how the files are at two looks in a row.
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

    /// <param name="folder">With everything below it; it need not exist.</param>
    /// <param name="time">On a simulated clock, leave <paramref name="notices"/> out: they come when they come.</param>
    /// <param name="notices">Whether to listen to the kernel as well.</param>
    /// <param name="atOnce">Whether the first call comes as soon as the folder rests, changed or not.</param>
    /// <param name="changed">One call at a time.</param>
    /// <param name="log">Hears when the kernel gives no notices.</param>
    public FolderWatch(string folder, TimeProvider time, bool notices, bool atOnce, Func<Task> changed, IActorLog log)
    {
        (_folder, _time, _changed) = (folder, time, changed);
        _notices = notices ? new FolderNotices(folder, Hint) : null;
        if (_notices?.Listen() is { } why)
            log.Warn($"{_folder}: changes are noticed within {Rescan.TotalSeconds:0} s only: {why}");
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
            // It is going to look, or never will again.
        }
    }

    private async Task LoopAsync(string settled, IActorLog log)
    {
        try
        {
            while (true)
            {
                await WaitAsync();
                _ = _notices?.Listen();
                var now = Files();
                if (now == settled)
                    continue;
                now = await RestAsync(now);
                if (now == settled)
                    continue;
                settled = now;
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

    // Until two looks agree; somebody who never stops writing is not waited for.
    private async Task<string> RestAsync(string before)
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

    // A file that is replaced by another of the same size and time is another file all the same, and was changed at another time.
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
            // Gone, or going while it was looked at; the next look tells.
            return error.GetType().Name;
        }
    }
}
