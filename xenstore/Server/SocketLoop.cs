using System.ComponentModel;
using System.Net.Sockets;
using Actors.XenStore.Embedded;

namespace Actors.XenStore.Server;

/// <summary>
/// The thread that serves all connections. It waits until some can be read or written, and answers all requests of one receive
/// with one send. So no work moves between threads, and many connections cost one wait.
/// </summary>
internal sealed class SocketLoop : IDeferredAction, IAsyncDisposable
{
    private readonly EmbeddedXenStore _store;
    private readonly SocketFile _file;
    private readonly int _domid;
    private readonly Poller _poller = new();
    private readonly Requests _requests;
    private readonly Dictionary<int, SocketClient> _clients = [];
    private readonly List<SocketClient> _unsent = [];
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _thread;
    private bool _accepting = true;
    private volatile bool _stopping;

    private SocketLoop(EmbeddedXenStore store, SocketFile file, int domid)
    {
        _store = store;
        _domid = domid;
        _file = file;
        _requests = new Requests(store);
    }

    public static SocketLoop Start(EmbeddedXenStore store, SocketFile file, int domid)
    {
        var loop = new SocketLoop(store, file, domid);
        new Thread(loop.Run) { IsBackground = true, Name = "xenstore server" }.Start();
        return loop;
    }

    /// <summary>Closes all connections and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        _poller.Wake();
        await _stopped.Task.ConfigureAwait(false);
    }

    /// <summary>Registers that a client has an unsent event. Any thread may call it with the store locked.</summary>
    public void SendSoon(SocketClient client)
    {
        _unsent.Add(client);
        if (_unsent.Count == 1 && Environment.CurrentManagedThreadId != _thread)
            _store.Defer(this);
    }

    /// <summary>Wakes the loop, so that it sends the events that another thread caused.</summary>
    void IDeferredAction.Run() => _poller.Wake();

    private void Run()
    {
        _thread = Environment.CurrentManagedThreadId;
        var listener = (int)_file.Listener.Handle;
        _poller.Watch(listener, Poller.Readable);
        var ready = new List<int>();
        try
        {
            while (!_stopping)
            {
                _poller.Wait(ready);
                foreach (var descriptor in ready)
                    if (descriptor == listener)
                        Accept();
                    else if (_clients.TryGetValue(descriptor, out var client))
                        Serve(client);
                SendUnsent();
            }
            End();
            _stopped.SetResult();
        }
        catch (Exception failure)
        {
            _stopped.SetException(failure);
            throw;
        }
    }

    private void Accept()
    {
        Socket? socket = null;
        try
        {
            socket = _file.Listener.Accept();
            socket.Blocking = false;
            var client = new SocketClient(this, socket);
            _poller.Watch(client.Descriptor, Poller.Readable);
            using (_store.Enter())
                client.Session = _store.Open(_domid, client);
            _clients.Add(client.Descriptor, client);
        }
        catch (Win32Exception failure)
        {
            socket?.Dispose();
            // Without a free descriptor, new connections wait in the queue until another connection ends.
            if (failure is SocketException { SocketErrorCode: SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable })
                Accepting(false);
        }
    }

    private void Serve(SocketClient client)
    {
        bool alive;
        try
        {
            alive = client.Receive();
            using (_store.Enter())
            {
                alive &= client.Answer(_requests);
                alive &= client.Send();
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // An unexpected exception closes the connection that caused it and does not affect the others.
            Console.Error.WriteLine($"xenstore server: closed a connection because one of its requests failed: {failure}");
            alive = false;
        }
        UpdateInterest(client, alive);
        if (_unsent.Count > 0)
            SendUnsent();
    }

    private void SendUnsent()
    {
        while (true)
        {
            SocketClient client;
            bool alive;
            using (_store.Enter())
            {
                if (_unsent.Count == 0)
                    return;
                client = _unsent[^1];
                _unsent.RemoveAt(_unsent.Count - 1);
                alive = client.Session.Ended || client.Send();
            }
            if (!client.Session.Ended)
                UpdateInterest(client, alive);
        }
    }

    private void UpdateInterest(SocketClient client, bool alive)
    {
        if (!alive)
            End(client);
        else if (client.Interest != client.RegisteredInterest)
            _poller.Change(client.Descriptor, client.RegisteredInterest = client.Interest);
    }

    private void End(SocketClient client)
    {
        using (_store.Enter())
            _store.Close(client.Session);
        _clients.Remove(client.Descriptor);
        client.Dispose();
        if (!_accepting)
            Accepting(true);
    }

    private void Accepting(bool accepting)
    {
        _accepting = accepting;
        _poller.Change((int)_file.Listener.Handle, accepting ? Poller.Readable : 0);
    }

    private void End()
    {
        foreach (var client in _clients.Values.ToArray())
            End(client);
        _file.Close();
        _requests.Dispose();
        _poller.Dispose();
    }
}
