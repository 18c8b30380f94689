using System.Globalization;
using System.Runtime.CompilerServices;

namespace Actors.Sdk.Testing;

/// <summary>The keys of a fake domain, in memory.</summary>
public sealed class FakeDomainStore : IDomainStore
{
    private readonly SortedDictionary<string, string> _keys = new(StringComparer.Ordinal);

    private Action? _watched;

    /// <summary>Raised with the path when a key was written or removed.</summary>
    public event Action<string>? Changed;

    /// <summary>A copy of all keys and their values.</summary>
    public IReadOnlyDictionary<string, string> Keys => new SortedDictionary<string, string>(_keys, StringComparer.Ordinal);

    /// <summary>The value of a key, or <see langword="null"/> if it is absent.</summary>
    public string? this[string path] => _keys.GetValueOrDefault(path);

    /// <summary>Writes a key as a toolstack or a guest would.</summary>
    public void Put(string path, string value)
    {
        _keys[Checked(path)] = value;
        Report(path);
    }

    /// <summary>Writes an amount as a toolstack or a guest would.</summary>
    public void Put(string path, Kib amount) => Put(path, amount.Value.ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public ValueTask<string?> ReadAsync(string path, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(_keys.GetValueOrDefault(Checked(path)));
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(string path, string value, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        // As the host does: it records what actors write, so that another program's value can be recognised.
        if (path == DomainKeys.BalloonTarget)
            Put(DomainKeys.OwnBalloonTarget, value);
        Put(path, value);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask RemoveAsync(string path, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        foreach (var key in _keys.Keys.Where(key => key == Checked(path) || key.StartsWith(path + "/", StringComparison.Ordinal)).ToList())
        {
            _keys.Remove(key);
            Report(key);
        }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var below = Checked(path) + "/";
        return ValueTask.FromResult<IReadOnlyList<string>>(
            [.. _keys.Keys.Where(key => key.StartsWith(below, StringComparison.Ordinal)).Select(key => key[below.Length..].Split('/')[0]).Distinct()]);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string?> WatchAsync(string path, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var key = Checked(path);
        var changed = new TaskCompletionSource();
        void Signal() => changed.TrySetResult();
        _watched += Signal;
        try
        {
            for (var (first, last) = (true, (string?)null); ;)
            {
                cancellation.ThrowIfCancellationRequested();
                changed = new TaskCompletionSource();
                var value = _keys.GetValueOrDefault(key);
                if (first || value != last)
                {
                    (first, last) = (false, value);
                    yield return value;
                }
                else
                {
                    await changed.Task.WaitAsync(cancellation);
                }
            }
        }
        finally
        {
            _watched -= Signal;
        }
    }

    internal void Clear()
    {
        _keys.Clear();
        _watched?.Invoke();
    }

    private void Report(string path)
    {
        Changed?.Invoke(path);
        _watched?.Invoke();
    }

    private static string Checked(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return path[0] is '/' or '@' || path.Contains("//", StringComparison.Ordinal)
            ? throw new ArgumentException($"'{path}' leads out of the domain's subtree; give a path relative to it", nameof(path))
            : path;
    }
}
