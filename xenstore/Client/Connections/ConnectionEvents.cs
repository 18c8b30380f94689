namespace Actors.XenStore.Client;

/// <summary>Raises the events of a client's connection in order, on a thread of the pool, so that a handler cannot block the client.</summary>
internal sealed class ConnectionEvents(Action<XenStoreConnectionEventArgs> raise)
{
    private readonly Lock _gate = new();
    private readonly Queue<XenStoreConnectionEventArgs> _waiting = [];
    private bool _isRaising;

    public void Add(XenStoreConnectionEventArgs change)
    {
        lock (_gate)
        {
            _waiting.Enqueue(change);
            if (_isRaising)
                return;
            _isRaising = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(static events => events.RaiseAll(), this, preferLocal: false);
    }

    private void RaiseAll()
    {
        while (true)
        {
            XenStoreConnectionEventArgs? next;
            lock (_gate)
                if (!_waiting.TryDequeue(out next))
                {
                    _isRaising = false;
                    return;
                }
            try
            {
                raise(next);
            }
            catch (Exception)
            {
                // An exception of one listener must not end the events of the others.
            }
        }
    }
}
