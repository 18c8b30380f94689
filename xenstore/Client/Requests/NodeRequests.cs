using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Actors.XenStore.Protocol;

namespace Actors.XenStore.Client;

/// <summary>Sends requests: the client outside of transactions, or one transaction.</summary>
internal interface IRequestSender
{
    ValueTask<T> RequestAsync<T>(in Query query, ReplyParser<T> parser, CancellationToken cancellation, bool absentIsDefault = false);
}

/// <summary>The operations that need more than one message.</summary>
internal static class NodeRequests
{
    private const int MaxRestarts = 20;

    /// <summary>Returns the request that sets permissions.</summary>
    /// <exception cref="XenStoreException"><see cref="XenStoreError.Invalid"/> for a domid or an access that the protocol does not have.</exception>
    public static Query SetPermissions(string path, NodePermissions permissions, uint transaction)
    {
        ArgumentNullException.ThrowIfNull(permissions);
        var query = new Query(MessageType.SetPermissions, path, PermissionFormat.ToBytes(permissions), transaction);
        return permissions.Entries.All(entry => entry.IsValid) ? query : throw query.Rejected(XenStoreError.Invalid);
    }

    /// <summary>Lists the children of a node, in parts if they do not fit in one reply.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<IReadOnlyList<string>> ListAsync(IRequestSender sender, string path, uint transaction, CancellationToken cancellation)
    {
        try
        {
            var whole = new Query(MessageType.Directory, path, Transaction: transaction);
            return await sender.RequestAsync(whole, Replies.Names, cancellation).ConfigureAwait(false);
        }
        catch (XenStoreException tooBig) when (tooBig.Error == XenStoreError.TooBig)
        {
            return await ListInPartsAsync(sender, path, transaction, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Fetches a list in parts. Starts again when a child was added or removed in between, because the parts of different lists do not fit together.</summary>
    private static async ValueTask<IReadOnlyList<string>> ListInPartsAsync(
        IRequestSender sender, string path, uint transaction, CancellationToken cancellation)
    {
        var names = new List<string>();
        string? generation = null;
        var (offset, restarts) = (0, 0);
        while (true)
        {
            var tail = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{offset}\0"));
            var query = new Query(MessageType.DirectoryPart, path, tail, transaction);
            var part = await sender.RequestAsync(query, Replies.Part, cancellation).ConfigureAwait(false);
            if (generation is not null && part.Generation != generation)
            {
                if (++restarts > MaxRestarts)
                    throw new XenStoreException(
                        XenStoreError.TryAgain, "EAGAIN", $"{query.Description}, whose children changed {restarts} times while they were listed");
                names.Clear();
                generation = null;
                offset = 0;
                continue;
            }
            generation = part.Generation;
            names.AddRange(part.Names);
            offset += part.Bytes;
            if (part.IsLast)
                return names;
        }
    }
}
