using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Actors.XenStore.Protocol;

namespace Actors.XenStore.Client;

/// <summary>All watches of a client. They outlive the connections.</summary>
internal sealed class WatchTable(Session session)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<uint, WatchRegistration> _registrations = [];
    private readonly HashSet<WatchQueue> _queues = [];
    private uint _lastNumber;

    public WatchQueue OpenQueue()
    {
        var queue = new WatchQueue(session);
        lock (_gate)
            _queues.Add(queue);
        return queue;
    }

    public void Remove(WatchQueue queue)
    {
        lock (_gate)
            _queues.Remove(queue);
    }

    /// <summary>Adds a watch to the table. This must happen before the daemon can fire it.</summary>
    public WatchRegistration Register(WatchQueue queue, string path, string token)
    {
        lock (_gate)
        {
            var registration = new WatchRegistration(queue, path, token, ++_lastNumber);
            _registrations.Add(registration.Number, registration);
            return registration;
        }
    }

    /// <summary>Registers a watch with the daemon.</summary>
    public async ValueTask WatchAsync(WatchRegistration registration, CancellationToken cancellation)
    {
        try
        {
            await session.ExecuteAsync(QueryOf(MessageType.Watch, registration), cancellation).ConfigureAwait(false);
        }
        catch (XenStoreException known) when (known.Error == XenStoreError.Exists)
        {
            // The number is new, so a reconnection must have registered the watch first.
        }
    }

    public ValueTask RemoveAsync(WatchRegistration registration, CancellationToken cancellation)
    {
        Drop(registration);
        // Without a connection nothing must be undone: the next connection registers only the watches that exist then.
        return session.Current is null ? default : session.ExecuteAsync(QueryOf(MessageType.Unwatch, registration), cancellation);
    }

    /// <summary>Removes a watch without waiting for the reply. The daemon may not have the watch.</summary>
    public void Forget(WatchRegistration registration)
    {
        Drop(registration);
        try
        {
            Session.TrySend(session.Current, QueryOf(MessageType.Unwatch, registration), Replies.Nothing, true, CancellationToken.None)?.Ignore();
        }
        catch (XenStoreException)
        {
            // A watch that fits in no message was never registered.
        }
    }

    /// <summary>Delivers an event to its queue. An event of a watch that was just removed is dropped.</summary>
    /// <exception cref="XenStoreProtocolException">The event is malformed.</exception>
    public void Deliver(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        if (!reader.TryRead(out var path) || !reader.TryRead(out var token)
            || !Utf8Parser.TryParse(token, out uint number, out var used) || used != token.Length)
            throw new XenStoreProtocolException("The daemon sent a watch event without a path and a token of this client.");
        WatchRegistration? registration;
        lock (_gate)
            _registrations.TryGetValue(number, out registration);
        registration?.Queue.Enqueue(registration, registration.PathOf(path));
    }

    /// <summary>
    /// Registers all watches on a new connection with one send. The daemon then fires each watch once. A watch that the daemon rejects
    /// is removed, and its queue reports the error.
    /// </summary>
    public async Task RegisterAllAsync(Connection connection)
    {
        var replies = new List<Task>();
        using (connection.Hold())
            foreach (var registration in All())
                replies.Add(RegisterAsync(connection, registration));
        await Task.WhenAll(replies).ConfigureAwait(false);
    }

    private async Task RegisterAsync(Connection connection, WatchRegistration registration)
    {
        try
        {
            var query = QueryOf(MessageType.Watch, registration);
            if (Session.TrySend(connection, query, Replies.Nothing, absentIsDefault: false, CancellationToken.None) is { } request)
                await request.Done.ConfigureAwait(false);
        }
        catch (XenStoreException rejected)
        {
            // If the watch is still being added, its own request gets the error.
            if (!registration.IsAdded)
                return;
            Drop(registration);
            registration.Queue.Report(new XenStoreException(
                rejected.Error, rejected.ErrorName, $"{rejected.Request} with the token {Printable.Escape(registration.Token)} after a reconnection"));
        }
    }

    /// <summary>Removes all watches, as the daemon has done.</summary>
    public void Clear()
    {
        foreach (var registration in All())
            Drop(registration);
    }

    /// <summary>Closes all queues, so that all waits for events fail.</summary>
    public void Close()
    {
        WatchQueue[] queues;
        lock (_gate)
            queues = [.. _queues];
        foreach (var queue in queues)
            queue.Close();
    }

    private WatchRegistration[] All()
    {
        lock (_gate)
            return [.. _registrations.Values];
    }

    private void Drop(WatchRegistration registration)
    {
        lock (_gate)
            _registrations.Remove(registration.Number);
        registration.Queue.Drop(registration);
    }

    private static Query QueryOf(MessageType type, WatchRegistration registration) =>
        new(type, registration.Path, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{registration.Number}\0")));
}
