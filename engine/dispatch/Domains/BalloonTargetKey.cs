using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Dispatch.Domains;

/// <summary>
/// The key <c>memory/target</c> of one domain. Whatever actors write there is part of the domain's state, so any other value was written by
/// another program. A value that is not the domain's target is recorded in <see cref="PolicyKeys.BalloonTarget"/> before it is written.
/// </summary>
internal sealed class BalloonTargetKey(IXenStore store, TimeProvider time, int domid)
{
    private readonly string _path = $"{PolicyKeys.Domain(domid)}/{DomainKeys.BalloonTarget}";
    private readonly string _ownPath = PolicyKeys.Of(domid, PolicyKeys.BalloonTarget);
    private readonly string _folderPath = PolicyKeys.Of(domid, PolicyKeys.Uuid);
    private volatile Known? _known;
    private volatile Known? _replaced;
    private int _version;
    private long _writtenAt = long.MinValue;
    private string? _recorded;

    /// <summary>The target of the newest run. If an actor writes just that, no record is needed, because the next state contains it.</summary>
    public Kib? Target { get; set; }

    /// <summary>Whether every change of the key is reported to <see cref="ReportChanged"/>. Only then are values kept between reads.</summary>
    public bool Watched { get; set; }

    /// <summary>The value that actors last wrote; <see langword="null"/> if they have not written any.</summary>
    public string? Own { get; private set; }

    /// <summary>The value that a state may contain: the one that actors last wrote, once the store has it.</summary>
    public Kib? Written => StoredAmount.Parse(_replaced is { } replaced ? replaced.Value : Own);

    /// <summary>How long ago actors last wrote the key.</summary>
    public TimeSpan SinceWritten => Volatile.Read(ref _writtenAt) is var at && at == long.MinValue ? TimeSpan.MaxValue : time.GetElapsedTime(at);

    public void ReportChanged()
    {
        Interlocked.Increment(ref _version);
        _known = null;
    }

    /// <summary>Reads the record of another daemon that served this domain before.</summary>
    /// <param name="inState">The value in the domain's last state.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    public async ValueTask LoadAsync(Kib? inState, CancellationToken cancellation)
    {
        _recorded = await store.TryReadTextAsync(_ownPath, cancellation);
        Own = _recorded ?? (inState is { } written ? StoredAmount.Text(written) : null);
    }

    /// <summary>Takes the target for the actors' own value if they had one: the last daemon may have ended before it could write the state that contains it.</summary>
    /// <param name="value">The value of the key.</param>
    /// <param name="target">The target.</param>
    public void AssumeOwn(string? value, Kib target)
    {
        if (Own is not null && _recorded is null && value == StoredAmount.Text(target))
            Own = value;
    }

    public async ValueTask<string?> ReadAsync(CancellationToken cancellation)
    {
        if (_known is { } known)
            return known.Value;
        var version = Volatile.Read(ref _version);
        var value = await StoreRetry.RunAsync(() => store.TryReadTextAsync(_path, cancellation), time, cancellation);
        // If the folder is gone as well, no program has removed the value: xenstore has lost its contents, and gets everything again.
        if (value is null && Own is { } own && await StoreRetry.RunAsync(() => store.TryReadAsync(_folderPath, cancellation), time, cancellation) is null)
            return own;
        if (Watched && version == Volatile.Read(ref _version))
            _known = new Known(value);
        return value;
    }

    /// <summary>Whether actors wrote this value.</summary>
    public bool IsOwn(string? value) => value == Own || (_replaced is { } replaced && value == replaced.Value);

    /// <summary>Writes the key for an actor. A record is sent first and in the same batch, so that nobody sees the value without it.</summary>
    public async ValueTask WriteAsync(string value, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // Until the reply comes, the old value is still there. If none comes, either may be.
        _replaced ??= new Known(Own);
        Own = value;
        Volatile.Write(ref _writtenAt, time.GetTimestamp());
        // Both or neither: the requests themselves are not cancelled.
        await StoreRetry.RunAsync(() => SendAsync(value), time, cancellation);
        ReportChanged();
        _replaced = null;
    }

    /// <summary>Writes the record again, because xenstore has lost it.</summary>
    /// <param name="withValue">Whether the value is written again, too, if there is none.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    public async ValueTask RepublishAsync(bool withValue, CancellationToken cancellation)
    {
        if (withValue && Own is { } own && await store.TryReadAsync(_path, cancellation) is null)
            await store.WriteTextAsync(_path, own, cancellation);
        if (_recorded is { } recorded)
            await store.WriteTextAsync(_ownPath, recorded, cancellation);
    }

    /// <summary>Writes another program's value, which stays the other program's.</summary>
    public ValueTask RestoreAsync(string value, CancellationToken cancellation) =>
        StoreRetry.RunAsync(() => store.WriteTextAsync(_path, value, cancellation), time, cancellation);

    /// <summary>Records another program's value as the actors' own, because a newer target overrides it.</summary>
    public async ValueTask AdoptAsync(string value, CancellationToken cancellation)
    {
        await StoreRetry.RunAsync(() => store.WriteTextAsync(_ownPath, value, cancellation), time, cancellation);
        Own = _recorded = value;
    }

    /// <summary>Removes the key for an actor, and the record with it.</summary>
    public async ValueTask RemoveAsync(CancellationToken cancellation)
    {
        await RemoveAsync(_path, cancellation);
        ReportChanged();
        await ForgetAsync(cancellation);
    }

    /// <summary>Removes the record when no actor holds the balloon any more. Then nobody compares the value.</summary>
    public async ValueTask ForgetAsync(CancellationToken cancellation)
    {
        if (_recorded is not null)
            await RemoveAsync(_ownPath, cancellation);
        Own = _recorded = null;
    }

    private ValueTask RemoveAsync(string path, CancellationToken cancellation) =>
        StoreRetry.RunAsync(() => store.RemoveIfPresentAsync(path, cancellation), time, cancellation);

    private async ValueTask SendAsync(string value)
    {
        if (value == _recorded || (_recorded is null && Target is { } target && value == StoredAmount.Text(target)))
        {
            await store.WriteTextAsync(_path, value);
            return;
        }
        Task record, key;
        using (store.Batch())
        {
            record = store.WriteTextAsync(_ownPath, value).AsTask();
            key = store.WriteTextAsync(_path, value).AsTask();
        }
        await Task.WhenAll(record, key);
        _recorded = value;
    }

    private sealed record Known(string? Value);
}
