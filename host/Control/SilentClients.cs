namespace Actors.Host.Control;

/// <summary>The clients that have not sent their whole request yet, the oldest first.</summary>
internal sealed class SilentClients
{
    private readonly Lock _gate = new();
    private readonly LinkedList<CancellationTokenSource> _clients = [];

    /// <summary>Reads the request of a client. The token is cancelled when the client must make room for another one.</summary>
    public async Task<T> ReadAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken stop)
    {
        using var disconnect = CancellationTokenSource.CreateLinkedTokenSource(stop);
        LinkedListNode<CancellationTokenSource> place;
        lock (_gate)
            place = _clients.AddLast(disconnect);
        try
        {
            return await read(disconnect.Token);
        }
        finally
        {
            lock (_gate)
            {
                if (place.List is not null)
                    _clients.Remove(place);
            }
        }
    }

    public void DisconnectOldest()
    {
        lock (_gate)
        {
            if (_clients.First is not { Value: var oldest })
                return;
            _clients.RemoveFirst();
            oldest.Cancel();
        }
    }
}
