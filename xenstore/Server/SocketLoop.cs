using System.ComponentModel;
using System.Net.Sockets;
using Actors.XenStore.Embedded;

namespace Actors.XenStore.Server;

/// <summary>
/// The one thread that serves all connections: it waits until some can be read or written, and answers all that one receive
/// brought with one send. So nothing is handed from thread to thread, and many connections cost one wait.
/// </summary>
internal sealed class SocketLoop : IAfterwards, IAsyncDisposable
{
    private readonly EmbeddedXenStore _store;
    private readonly SocketFile _file;
    private readonly Poller _poller = new();
    private readonly Requests _requests;
    private readonly Dictionary<int, SocketClient> _clients = [];
    private readonly List<SocketClient> _unsent = [];
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _thread;
    private bool _accepting = true;
    private volatile bool _stopping;

    private SocketLoop(EmbeddedXenStore store, SocketFile file)
    {
        _store = store;
        _file = file;
        _requests = new Requests(store);
    }

    public static SocketLoop Start(EmbeddedXenStore store, SocketFile file)
    {
        var loop = new SocketLoop(store, file);
        new Thread(loop.Run) { IsBackground = true, Name = "xenstore server" }.Start();
        return loop;
    }

    /// <summary>Ends all connections and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        _poller.Wake();
        await _stopped.Task.ConfigureAwait(false);
    }

    /// <summary>A client has an event to be sent. With the store locked, from any thread.</summary>
    public void SendSoon(SocketClient client)
    {
        _unsent.Add(client);
        if (_unsent.Count == 1 && Environment.CurrentManagedThreadId != _thread)
            _store.Afterwards(this);
    }

    /// <summary>Wakes the loop, to send what another thread's change has caused.</summary>
    void IAfterwards.Run() => _poller.Wake();

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
                client.Session = _store.Open(0, client);
            _clients.Add(client.Descriptor, client);
        }
        catch (Win32Exception failure)
        {
            socket?.Dispose();
            // With no descriptor left, those who wait stay in the queue until a connection ends.
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
            // A request that breaks the server in a way that nobody foresaw costs its sender the connection, and the others nothing.
            Console.Error.WriteLine($"xenstore server: a connection is closed because a request of it failed: {failure}");
            alive = false;
        }
        Settle(client, alive);
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
                Settle(client, alive);
        }
    }

    private void Settle(SocketClient client, bool alive)
    {
        if (!alive)
            End(client);
        else if (client.Interest != client.Settled)
            _poller.Change(client.Descriptor, client.Settled = client.Interest);
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
        _poller.Dispose();
    }
}
