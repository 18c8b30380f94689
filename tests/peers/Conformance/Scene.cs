using System.Text;
using Actors.XenStore;
using Actors.XenStore.Protocol;

namespace Actors.Peers.Conformance;

/// <summary>What a case has at hand: a store, a connection of dom0, a subtree and a domid of its own.</summary>
internal sealed class Scene(StoreUnderTest store, XenStoreClient client, int number) : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _opened = [];

    public StoreUnderTest Store => store;

    public XenStoreClient Client => client;

    public string Root { get; } = $"/case/{number}";

    public int Domid { get; } = 100 + number;

    public string At(string name) => $"{Root}/{name}";

    public Task WriteAsync(string name, string value = "") => client.WriteTextAsync(At(name), value).AsTask();

    public async Task<XenStoreClient> AnotherAsync() => Opened(await store.ConnectAsync());

    public async Task<IXenStore> GuestAsync() => Opened(await store.AddGuestAsync(Domid));

    public RawConnection Raw()
    {
        var raw = new RawConnection(store.SocketPath);
        _opened.Add(new Disposing(raw));
        return raw;
    }

    /// <summary>A queue with one watch whose first event has been taken.</summary>
    public async Task<IWatchQueue> WatchAsync(string path, IXenStore? from = null)
    {
        var queue = Opened((from ?? client).OpenWatchQueue());
        await queue.AddAsync(path, "token");
        await queue.NextAsync();
        return queue;
    }

    /// <summary>
    /// The events that have come, relative to the case's subtree. A watch of a node that only this method writes tells when all
    /// earlier ones must be there.
    /// </summary>
    public async Task<string> EventsAsync(IWatchQueue queue, IXenStore? from = null)
    {
        var path = from is null ? $"/case-fence/{number}" : "data/fence";
        await queue.AddAsync(path, "fence");
        var seen = new List<string>();
        while (await queue.NextAsync() is { Token: not "fence" } happened)
            seen.Add(happened.Path.Replace(Root, "…", StringComparison.Ordinal));
        await queue.RemoveAsync(path, "fence");
        return seen.Count == 0 ? "nothing" : string.Join(' ', seen);
    }

    /// <summary>"OK", or the name of the error.</summary>
    public static async Task<string> OutcomeAsync(Func<ValueTask> act)
    {
        try
        {
            await act();
            return "OK";
        }
        catch (XenStoreException failure)
        {
            return failure.ErrorName;
        }
    }

    /// <summary>The value, or the name of the error.</summary>
    public static async Task<string> ValueAsync(Func<ValueTask<byte[]>> read)
    {
        try
        {
            return $"\"{Encoding.Latin1.GetString(await read()).Replace('\0', '|')}\"";
        }
        catch (XenStoreException failure)
        {
            return failure.ErrorName;
        }
    }

    public Task<string> ReadAsync(string name) => ValueAsync(() => client.ReadAsync(At(name)));

    public Task<string> AskAsync(MessageType type, string payload) => Task.FromResult(Raw().Ask(type, payload));

    public async ValueTask DisposeAsync()
    {
        foreach (var opened in _opened)
            await opened.DisposeAsync();
    }

    private T Opened<T>(T opened)
        where T : IAsyncDisposable
    {
        _opened.Add(opened);
        return opened;
    }

    private sealed class Disposing(IDisposable inner) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            inner.Dispose();
            return default;
        }
    }
}
