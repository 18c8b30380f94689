using Actors.XenStore.Protocol;

namespace Actors.XenStore.Client;

/// <summary>A transaction. It belongs to the connection on which it began and ends with it.</summary>
internal sealed class Transaction(Connection connection, uint id) : IXenStoreTransaction, IRequestSender
{
    private bool _isEnded;

    public ValueTask<byte[]> ReadAsync(string path, CancellationToken cancellation = default) =>
        RequestAsync(new Query(MessageType.Read, path, Transaction: id), Replies.Bytes, cancellation);

    public ValueTask<byte[]?> TryReadAsync(string path, CancellationToken cancellation = default) =>
        RequestAsync(new Query(MessageType.Read, path, Transaction: id), Replies.Bytes, cancellation, absentIsDefault: true)!;

    public ValueTask WriteAsync(string path, ReadOnlyMemory<byte> value, CancellationToken cancellation = default) =>
        ExecuteAsync(new Query(MessageType.Write, path, value, id), cancellation);

    public ValueTask MakeDirectoryAsync(string path, CancellationToken cancellation = default) =>
        ExecuteAsync(new Query(MessageType.MakeDirectory, path, Transaction: id), cancellation);

    public ValueTask RemoveAsync(string path, CancellationToken cancellation = default) =>
        ExecuteAsync(new Query(MessageType.Remove, path, Transaction: id), cancellation);

    public ValueTask<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellation = default) =>
        NodeRequests.ListAsync(this, path, id, cancellation);

    public ValueTask<NodePermissions> GetPermissionsAsync(string path, CancellationToken cancellation = default) =>
        RequestAsync(new Query(MessageType.GetPermissions, path, Transaction: id), Replies.Permissions, cancellation);

    public ValueTask<NodePermissions?> TryGetPermissionsAsync(string path, CancellationToken cancellation = default) =>
        RequestAsync(new Query(MessageType.GetPermissions, path, Transaction: id), Replies.Permissions, cancellation, absentIsDefault: true)!;

    public ValueTask SetPermissionsAsync(string path, NodePermissions permissions, CancellationToken cancellation = default)
    {
        return ExecuteAsync(NodeRequests.SetPermissions(path, permissions, id), cancellation);
    }

    public async ValueTask<bool> CommitAsync(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var end = RequestAsync(new Query(MessageType.TransactionEnd, "T", Transaction: id), Replies.Nothing, cancellation);
        _isEnded = true;
        try
        {
            return await end.ConfigureAwait(false);
        }
        catch (XenStoreException lost) when (lost.Error == XenStoreError.TryAgain)
        {
            return false;
        }
    }

    public ValueTask DisposeAsync()
    {
        if (!_isEnded)
        {
            _isEnded = true;
            var abort = new Query(MessageType.TransactionEnd, "F", Transaction: id);
            Session.TrySend(connection, abort, Replies.Nothing, absentIsDefault: true, CancellationToken.None)?.Ignore();
        }
        return default;
    }

    public ValueTask<T> RequestAsync<T>(in Query query, ReplyParser<T> parser, CancellationToken cancellation, bool absentIsDefault = false)
    {
        if (_isEnded)
            throw new ObjectDisposedException(
                nameof(IXenStoreTransaction), "This transaction has ended: it was committed or disposed. Begin another one.");
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled<T>(cancellation);
        try
        {
            return Session.TrySend(connection, query, parser, absentIsDefault, cancellation) is { } request
                ? request.Answer
                : ValueTask.FromException<T>(new XenStoreConnectionException(
                    $"The connection to xenstore was lost, and the transaction with it; {query.Description} was not carried out.",
                    RequestFate.NotSent));
        }
        catch (XenStoreException refusal)
        {
            return ValueTask.FromException<T>(refusal);
        }
    }

    private async ValueTask ExecuteAsync(Query query, CancellationToken cancellation) =>
        await RequestAsync(query, Replies.Nothing, cancellation).ConfigureAwait(false);
}
