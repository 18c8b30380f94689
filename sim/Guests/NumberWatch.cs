using System.Globalization;
using Actors.XenStore;

namespace Actors.Sim.Guests;

/// <summary>Watches a number below the guest's home through the guest's own connection to xenstore.</summary>
internal static class NumberWatch
{
    /// <summary>Reports the key's decimal value at once and whenever it is written, until the domain is destroyed or the store has released it.</summary>
    /// <exception cref="ObjectDisposedException">The store has released the domain.</exception>
    public static async Task RunAsync(IXenStore store, string key, Action<long> changed, CancellationToken cancellation)
    {
        await using var queue = store.OpenWatchQueue();
        await queue.AddAsync(key, key, cancellation);
        while (true)
        {
            await queue.NextAsync(cancellation);
            if (await TryReadAsync(store, key, cancellation) is { } number)
                changed(number);
        }
    }

    private static async Task<long?> TryReadAsync(IXenStore store, string key, CancellationToken cancellation)
    {
        try
        {
            var text = await store.TryReadTextAsync(key, cancellation);
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        }
        catch (XenStoreException)
        {
            // The node was removed or is no longer readable; the next event reports when it is back.
            return null;
        }
    }
}
