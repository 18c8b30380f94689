using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Actors.XenStore.Protocol;

namespace Actors.XenStore.Client;

/// <summary>Whoever can be asked: the client outside of transactions, and each transaction.</summary>
internal interface IAsked
{
    ValueTask<T> AskAsync<T>(in Query query, ReplyParser<T> parser, CancellationToken cancellation, bool absentIsDefault = false);
}

/// <summary>The requests that take more than one message.</summary>
internal static class NodeRequests
{
    /// <summary>A node's children: in one reply, or in parts when they are too many for one.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<IReadOnlyList<string>> ListAsync(IAsked asked, string path, uint transaction, CancellationToken cancellation)
    {
        try
        {
            var whole = new Query(MessageType.Directory, path, Transaction: transaction);
            return await asked.AskAsync(whole, Replies.Names, cancellation).ConfigureAwait(false);
        }
        catch (XenStoreException tooBig) when (tooBig.Error == XenStoreError.TooBig)
        {
            return await ListInPartsAsync(asked, path, transaction, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Begins again whenever children came or went in between; the parts of different lists do not fit together.</summary>
    private static async ValueTask<IReadOnlyList<string>> ListInPartsAsync(
        IAsked asked, string path, uint transaction, CancellationToken cancellation)
    {
        var names = new List<string>();
        string? generation = null;
        var offset = 0;
        while (true)
        {
            var tail = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{offset}\0"));
            var query = new Query(MessageType.DirectoryPart, path, tail, transaction);
            var part = await asked.AskAsync(query, Replies.Part, cancellation).ConfigureAwait(false);
            if (generation is not null && part.Generation != generation)
            {
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
