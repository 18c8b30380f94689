using System.Threading.Channels;

namespace Actors.Dispatch;

/// <summary>
/// The pokes of one mailbox. They are merged into one: the number of pokes never matters, only what the store says afterwards.
/// </summary>
internal sealed class PokeQueue(TimeProvider time)
{
    // After a run was superseded, the next one waits until the writer pauses, but no longer than this.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan QuietAtMost = TimeSpan.FromMilliseconds(500);

    // A check takes microseconds, and longer work (an actor, the journal) runs elsewhere, so it may run on the thread that delivers the event.
    private readonly Channel<bool> _pokes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, AllowSynchronousContinuations = true });
    private int _settingsVersion;
    private int _changes;

    /// <summary>A number that grows whenever the settings may have changed.</summary>
    public int SettingsVersion => Volatile.Read(ref _settingsVersion);

    public void Poke(KeyChange change)
    {
        if ((change & (KeyChange.Settings | KeyChange.Domain)) != 0)
            Interlocked.Increment(ref _settingsVersion);
        Interlocked.Or(ref _changes, (int)change);
        _pokes.Writer.TryWrite(true);
    }

    /// <summary>Returns everything that may have changed since the last call.</summary>
    public KeyChange TakeChanges() => (KeyChange)Interlocked.Exchange(ref _changes, 0);

    /// <summary>Waits for a poke, or until <paramref name="recheckAfter"/> has passed.</summary>
    /// <returns>Whether there was a poke.</returns>
    public async Task<bool> WaitAsync(TimeSpan? recheckAfter, CancellationToken stop)
    {
        if (recheckAfter is not { } delay)
            return await _pokes.Reader.ReadAsync(stop);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var poke = _pokes.Reader.WaitToReadAsync(limit.Token).AsTask();
        var pause = Task.Delay(delay, time, limit.Token);
        await Task.WhenAny(poke, pause);
        stop.ThrowIfCancellationRequested();
        limit.Cancel();
        return _pokes.Reader.TryRead(out _);
    }

    /// <summary>Waits until a burst of writes has ended.</summary>
    public async Task WaitForQuietAsync(CancellationToken stop)
    {
        var begun = time.GetTimestamp();
        do
        {
            _pokes.Reader.TryRead(out _);
            await Task.Delay(Quiet, time, stop);
        }
        while (_pokes.Reader.TryPeek(out _) && time.GetElapsedTime(begun) < QuietAtMost);
        _pokes.Reader.TryRead(out _);
    }
}
