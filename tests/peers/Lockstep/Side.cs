using Actors.Peers.Conformance;
using Actors.XenStore;
using Actors.XenStore.Protocol;

namespace Actors.Peers.Lockstep;

/// <summary>One of the compared stores, with its raw connections.</summary>
internal sealed class Side : IAsyncDisposable
{
    private readonly StoreUnderTest _store;
    private readonly List<Link> _links = [];
    private readonly List<List<uint>> _transactions = [];

    private Side(StoreUnderTest store) => _store = store;

    /// <summary>Starts a store and opens a connection for each domid.</summary>
    public static async Task<Side> StartAsync(Store kind, IReadOnlyList<int> domids)
    {
        var side = new Side(await StoreUnderTest.StartAsync(kind));
        await using (var toolstack = await side._store.ConnectAsync())
        {
            await toolstack.WriteTextAsync("/r", "");
            await toolstack.SetPermissionsAsync("/r", new NodePermissions(new NodePermission(0, NodeAccess.Both)));
            foreach (var domid in domids.Where(domid => domid != 0))
            {
                side._store.AddDomain(domid);
                await toolstack.MakeDirectoryAsync($"/local/domain/{domid}");
                await toolstack.SetPermissionsAsync($"/local/domain/{domid}", new NodePermissions(new NodePermission(domid, NodeAccess.None)));
            }
        }
        side._store.AddDomain(9);
        side._store.AddDomain(10);
        foreach (var domid in domids)
        {
            side._links.Add(domid == 0 ? Link.Connect(side._store.SocketPath) : new Link(await side._store.AddRawGuestAsync(domid)));
            side._transactions.Add([]);
        }
        return side;
    }

    /// <summary>
    /// Executes a step and returns the messages of all connections in their order. A harmless request on every connection marks the
    /// point when all events have arrived.
    /// </summary>
    public List<string> Execute(Step step)
    {
        var link = _links[step.Connection];
        var transactions = _transactions[step.Connection];
        var transaction = step.Transaction < 0 ? 0 : transactions[step.Transaction];
        var id = link.Send(step.Type, step.Payload, transaction);
        var seen = new List<string>();
        foreach (var message in link.ReadTo(id))
            seen.Add(Describe(step, step.Connection, message));
        Follow(step, seen[^1]);
        // xenstored may put a release off until it has served the next connection, so one round is not enough for its events.
        for (var rounds = step.Type == MessageType.Release ? 2 : 1; rounds > 0; rounds--)
            for (var i = 0; i < _links.Count; i++)
                foreach (var message in _links[i].ReadTo(_links[i].Send(MessageType.GetDomainPath, "0\0", 0)).SkipLast(1))
                    seen.Add(Describe(step, i, message));
        return seen;
    }

    /// <summary>Returns every node below a path with its value, its permissions and its children in order.</summary>
    public async Task<List<string>> DumpAsync()
    {
        await using var observer = await _store.ConnectAsync();
        var nodes = new List<string>();
        await DumpAsync(observer, "/r", nodes);
        await DumpAsync(observer, "/local", nodes);
        return nodes;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var link in _links)
            link.Dispose();
        await _store.DisposeAsync();
    }

    private static async Task DumpAsync(XenStoreClient observer, string path, List<string> nodes)
    {
        // A step may have removed /r itself.
        if (await observer.TryReadAsync(path) is null)
            return;
        var children = await observer.ListAsync(path);
        nodes.Add($"{path} = {Convert.ToHexString(await observer.ReadAsync(path))} {await observer.GetPermissionsAsync(path)} [{string.Join(' ', children)}]");
        foreach (var child in children)
            await DumpAsync(observer, $"{path}/{child}", nodes);
    }

    private void Follow(Step step, string reply)
    {
        var transactions = _transactions[step.Connection];
        if (step.Type == MessageType.TransactionEnd && step.Transaction >= 0)
            transactions.RemoveAt(step.Transaction);
        else if (step.Type == MessageType.ResetWatches && reply.EndsWith("OK|", StringComparison.Ordinal))
            transactions.Clear();
    }

    /// <summary>Numbers that each store chooses itself are left out: the ids of transactions and the generations of directories.</summary>
    private string Describe(Step step, int connection, Reply message)
    {
        var payload = message.Payload;
        if (message.Type == MessageType.TransactionStart)
        {
            _transactions[connection].Add(uint.Parse(payload.TrimEnd('|')));
            payload = "an id";
        }
        else if (message.Type == MessageType.DirectoryPart)
            payload = payload[payload.IndexOf('|', StringComparison.Ordinal)..];
        return $"{connection} {message.Type} {payload}";
    }
}
