using System.Runtime.CompilerServices;
using Actors.XenStore;

namespace Actors.Dispatch.Domains;

/// <summary>Follows the value of one key. Its memory does not grow when the key changes faster than it is read: only the newest value counts.</summary>
internal static class KeyWatch
{
    private const string Token = "value";

    /// <summary>Returns the value, and then its new one each time it has changed; <see langword="null"/> while the key is absent.</summary>
    /// <param name="store">The store.</param>
    /// <param name="path">The absolute path of the key.</param>
    /// <param name="time">The clock of the pauses while the store is away.</param>
    /// <param name="cancellation">Ends the watch.</param>
    public static async IAsyncEnumerable<string?> FollowAsync(IXenStore store, string path, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var events = store.OpenWatchQueue();
        await using (events)
        {
            await StoreRetry.RunAsync(() => events.AddAsync(path, Token, cancellation), time, cancellation);
            string? last = null;
            for (var first = true; ; first = false)
            {
                var value = await NextAsync(store, events, path, time, cancellation);
                // The watch also fires when a key below this one changes, and when the same value is written again.
                while (!first && value == last)
                    value = await NextAsync(store, events, path, time, cancellation);
                last = value;
                yield return value;
            }
        }
    }

    private static async ValueTask<string?> NextAsync(IXenStore store, IWatchQueue events, string path, TimeProvider time, CancellationToken cancellation)
    {
        while ((await events.NextAsync(cancellation)).Path != path)
        {
            // Something below the key.
        }
        return await StoreRetry.RunAsync(() => store.TryReadTextAsync(path, cancellation), time, cancellation);
    }
}
