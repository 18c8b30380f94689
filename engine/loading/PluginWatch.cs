using Actors.Dispatch.Files;
using Actors.Loading.Reload;
using Actors.Sdk;

namespace Actors.Loading;

/// <summary>
/// Looks at the plugins' folders whenever something stirs there, and from time to time anyway: events get lost (a full queue, a
/// network mount).
/// </summary>
internal sealed class PluginWatch : IAsyncDisposable
{
    public static readonly TimeSpan RescanEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RescanWithoutEvents = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly PluginCatalog _catalog;
    private readonly TimeProvider _time;
    private readonly IActorLog _log;
    private readonly Task _loop;
    private readonly FolderNotices? _notices;
    private volatile TaskCompletionSource _stirred = Unstirred();

    /// <param name="catalog">Whose folders.</param>
    /// <param name="time">The time.</param>
    /// <param name="log">Where to say what is wrong.</param>
    /// <param name="listen">Whether the kernel's events are heard; without them, the looks alone must do.</param>
    public PluginWatch(PluginCatalog catalog, TimeProvider time, IActorLog log, bool listen = true)
    {
        (_catalog, _time, _log) = (catalog, time, log);
        _notices = listen ? new FolderNotices(catalog.Root, Stir) : null;
        _loop = LoopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        await _loop;
        _notices?.Dispose();
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        var restless = false;
        try
        {
            while (true)
            {
                // No such folder yet, or no watch left to be had: the looks find what changes.
                _ = _notices?.Listen();
                // What stirs while a folder comes to rest tells nothing new: it is looked at again anyway.
                await (restless ? Task.Delay(FolderDebounce.Quiet, _time, _stop.Token) : StirAsync());
                restless = await TryLookAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task<bool> TryLookAsync()
    {
        try
        {
            return await _catalog.LookAsync(_stop.Token);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _log.Warn($"{_catalog.Root} cannot be looked at: {error.Message}");
            return false;
        }
    }

    private async Task StirAsync()
    {
        await using var rescan = _time.CreateTimer(static watch => ((PluginWatch)watch!).Stir(), this, _notices is { Active: true } ? RescanEvery : RescanWithoutEvents, Timeout.InfiniteTimeSpan);
        using var stop = _stop.Token.UnsafeRegister(static watch => ((PluginWatch)watch!).Stir(), this);
        await _stirred.Task;
        _stop.Token.ThrowIfCancellationRequested();
        _stirred = Unstirred();
    }

    private void Stir() => _stirred.TrySetResult();

    private static TaskCompletionSource Unstirred() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
