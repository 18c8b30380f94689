using System.Text;

namespace Actors.XenStore;

/// <summary>Reads and writes values as text. The store keeps bytes; bytes that are not UTF-8 are read as replacement characters.</summary>
public static class XenStoreText
{
    /// <summary>Reads the value of a node as text.</summary>
    /// <exception cref="XenStoreException"><see cref="XenStoreError.NotFound"/> if the node does not exist.</exception>
    public static async ValueTask<string> ReadTextAsync(this IXenStoreNodes nodes, string path, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        return Encoding.UTF8.GetString(await nodes.ReadAsync(path, cancellation).ConfigureAwait(false));
    }

    /// <summary>Reads the value of a node as text, or returns <see langword="null"/> if the node does not exist.</summary>
    public static async ValueTask<string?> TryReadTextAsync(this IXenStoreNodes nodes, string path, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        var value = await nodes.TryReadAsync(path, cancellation).ConfigureAwait(false);
        return value is null ? null : Encoding.UTF8.GetString(value);
    }

    /// <summary>Writes text as UTF-8 without a terminator.</summary>
    public static ValueTask WriteTextAsync(this IXenStoreNodes nodes, string path, string text, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        return nodes.WriteAsync(path, Encoding.UTF8.GetBytes(text), cancellation);
    }
}
