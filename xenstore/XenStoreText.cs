using System.Text;

namespace Actors.XenStore;

/// <summary>Values as text. Text in the store is bytes; what is not UTF-8 is read with replacement characters.</summary>
public static class XenStoreText
{
    /// <summary>The value of a node as text.</summary>
    /// <exception cref="XenStoreException"><see cref="XenStoreError.NotFound"/> when there is no such node.</exception>
    public static async ValueTask<string> ReadTextAsync(this IXenStoreNodes nodes, string path, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        return Encoding.UTF8.GetString(await nodes.ReadAsync(path, cancellation).ConfigureAwait(false));
    }

    /// <summary>The value of a node as text, or <see langword="null"/> when there is no such node.</summary>
    public static async ValueTask<string?> TryReadTextAsync(this IXenStoreNodes nodes, string path, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        var value = await nodes.TryReadAsync(path, cancellation).ConfigureAwait(false);
        return value is null ? null : Encoding.UTF8.GetString(value);
    }

    /// <summary>Writes text, in UTF-8 and without a terminator.</summary>
    public static ValueTask WriteTextAsync(this IXenStoreNodes nodes, string path, string text, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        return nodes.WriteAsync(path, Encoding.UTF8.GetBytes(text), cancellation);
    }
}
