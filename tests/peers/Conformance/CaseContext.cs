using System.Text;
using Actors.XenStore;
using Actors.XenStore.Protocol;

namespace Actors.Peers.Conformance;

/// <summary>The context of a case: a store, a connection of dom0, and a subtree and a domid of its own.</summary>
internal sealed class CaseContext(StoreUnderTest store, XenStoreClient client, int number) : IAsyncDisposable
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

    /// <summary>Opens a queue with one watch and reads its first event.</summary>
    public async Task<IWatchQueue> WatchAsync(string path, IXenStore? from = null)
    {
        var queue = Opened((from ?? client).OpenWatchQueue());
        await queue.AddAsync(path, "token");
        await queue.NextAsync();
        return queue;
    }

    /// <summary>
    /// Returns the events that have arrived, relative to the case's subtree. The first event of another watch marks the point when all
    /// earlier events have arrived.
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

    /// <summary>Returns "OK" or the name of the error.</summary>
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

    /// <summary>Returns the value or the name of the error.</summary>
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

    public Task<string> RequestAsync(MessageType type, string payload) => Task.FromResult(Raw().Call(type, payload));

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
