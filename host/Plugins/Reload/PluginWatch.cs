using Actors.Sdk;

namespace Actors.Host.Plugins.Reload;

/// <summary>
/// Looks at the plugins' folders whenever something stirs there, and every few seconds anyway: events get lost (a full queue, a
/// network mount), and a look costs some stats.
/// </summary>
internal sealed class PluginWatch : IAsyncDisposable
{
    public static readonly TimeSpan RescanEvery = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _stirred = new(0, 1);
    private readonly PluginCatalog _catalog;
    private readonly TimeProvider _time;
    private readonly IActorLog _log;
    private readonly bool _listen;
    private readonly Task _loop;
    private FileSystemWatcher? _events;

    /// <param name="catalog">Whose folders.</param>
    /// <param name="time">The time.</param>
    /// <param name="log">Where to say what is wrong.</param>
    /// <param name="listen">Whether the kernel's events are heard; without them, the looks alone must do.</param>
    public PluginWatch(PluginCatalog catalog, TimeProvider time, IActorLog log, bool listen = true)
    {
        (_catalog, _time, _log, _listen) = (catalog, time, log, listen);
        _loop = LoopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        await _loop;
        _events?.Dispose();
        _stop.Dispose();
        _stirred.Dispose();
    }

    private async Task LoopAsync()
    {
        var restless = false;
        try
        {
            while (true)
            {
                if (_listen && _events is null)
                    Listen();
                // What stirs while a folder comes to rest tells nothing new: it is looked at again anyway.
                await (restless ? Task.Delay(Settling.Quiet, _time, _stop.Token) : StirAsync());
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
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var stirred = _stirred.WaitAsync(either.Token);
        await Task.WhenAny(stirred, Task.Delay(RescanEvery, _time, either.Token));
        _stop.Token.ThrowIfCancellationRequested();
        either.Cancel();
        await stirred.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Listen()
    {
        try
        {
            var events = new FileSystemWatcher(_catalog.Root)
            {
                IncludeSubdirectories = true,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.Attributes,
            };
            events.Changed += (_, _) => Stir();
            events.Created += (_, _) => Stir();
            events.Deleted += (_, _) => Stir();
            events.Renamed += (_, _) => Stir();
            events.Error += (_, _) => Forget(events);
            events.EnableRaisingEvents = true;
            _events = events;
        }
        catch (Exception error) when (error is IOException or ArgumentException)
        {
            // No such folder yet, or no watch left to be had: the looks find what changes.
        }
    }

    // Events were lost, or the folder itself: look now, and listen anew.
    private void Forget(FileSystemWatcher events)
    {
        events.Dispose();
        _events = null;
        Stir();
    }

    private void Stir()
    {
        try
        {
            _stirred.Release();
        }
        catch (Exception error) when (error is SemaphoreFullException or ObjectDisposedException)
        {
            // A look is due already, or none any more.
        }
    }
}
