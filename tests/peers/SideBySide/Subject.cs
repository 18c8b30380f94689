using Actors.Peers.Conformance;
using Actors.XenStore;

namespace Actors.Peers.SideBySide;

/// <summary>One of the compared stores, with the connections that use it.</summary>
internal sealed class Subject : IAsyncDisposable
{
    private readonly StoreUnderTest _store;
    private readonly List<IXenStore> _actors = [];
    private readonly IXenStoreTransaction?[] _transactions;
    private XenStoreClient _observer = null!;
    private IWatchQueue _events = null!;

    private Subject(StoreUnderTest store, int actors)
    {
        _store = store;
        _transactions = new IXenStoreTransaction?[actors];
    }

    public static async Task<Subject> StartAsync(Store kind, IReadOnlyList<int> domids)
    {
        var subject = new Subject(await StoreUnderTest.StartAsync(kind), domids.Count);
        foreach (var domid in domids)
            subject._actors.Add(domid == 0 ? await subject._store.ConnectAsync() : await subject._store.AddGuestAsync(domid));
        subject._observer = await subject._store.ConnectAsync();
        await subject._observer.WriteTextAsync("/r", "");
        await subject._observer.SetPermissionsAsync("/r", new NodePermissions(new NodePermission(0, NodeAccess.Both)));
        subject._events = subject._observer.OpenWatchQueue();
        await subject._events.AddAsync("/r", "all");
        await subject._events.AddAsync("/r/a/b", "one");
        await subject.EventsAsync();
        return subject;
    }

    /// <summary>Executes an operation and returns the reply or the error.</summary>
    public async Task<string> ApplyAsync(Operation operation)
    {
        try
        {
            return await AnswerAsync(operation);
        }
        catch (XenStoreException refusal)
        {
            return refusal.ErrorName;
        }
    }

    public bool IsInTransaction(int actor) => _transactions[actor] is not null;

    /// <summary>Returns the events since the last call, sorted.</summary>
    public async Task<string> EventsAsync()
    {
        await _events.AddAsync("/fence", "fence");
        var seen = new List<string>();
        while (await _events.NextAsync() is { Token: not "fence" } happened)
            seen.Add($"{happened.Token}:{happened.Path}");
        await _events.RemoveAsync("/fence", "fence");
        return string.Join(' ', seen.Order(StringComparer.Ordinal));
    }

    /// <summary>Returns every node with its value, its permissions and its children in order.</summary>
    public async Task<IReadOnlyList<string>> DumpAsync()
    {
        var nodes = new List<string>();
        await DumpAsync("/r", nodes);
        return nodes;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var actor in _actors.Append<IXenStore>(_observer))
            await actor.DisposeAsync();
        await _store.DisposeAsync();
    }

    private async Task<string> AnswerAsync(Operation operation)
    {
        var (actor, open) = (_actors[operation.Actor], _transactions[operation.Actor]);
        IXenStoreNodes nodes = open is null ? actor : open;
        switch (operation.Verb)
        {
            case Verb.Read:
                return Convert.ToHexString(await nodes.ReadAsync(operation.Path));
            case Verb.Write:
                await nodes.WriteAsync(operation.Path, operation.Value);
                return "OK";
            case Verb.MakeDirectory:
                await nodes.MakeDirectoryAsync(operation.Path);
                return "OK";
            case Verb.Remove:
                await nodes.RemoveAsync(operation.Path);
                return "OK";
            case Verb.List:
                return string.Join(' ', await nodes.ListAsync(operation.Path));
            case Verb.GetPermissions:
                return $"{await nodes.GetPermissionsAsync(operation.Path)}";
            case Verb.SetPermissions:
                await nodes.SetPermissionsAsync(operation.Path, operation.Permissions);
                return "OK";
            case Verb.Begin when open is null:
                _transactions[operation.Actor] = await actor.BeginTransactionAsync();
                return "OK";
            case Verb.Commit when open is not null:
                _transactions[operation.Actor] = null;
                return await open.CommitAsync() ? "committed" : "lost";
            case Verb.Abort when open is not null:
                _transactions[operation.Actor] = null;
                await open.DisposeAsync();
                await actor.TryReadAsync("/r");
                return "OK";
            default:
                return "nothing to end, or begun already";
        }
    }

    private async Task DumpAsync(string path, List<string> nodes)
    {
        var children = await _observer.ListAsync(path);
        nodes.Add($"{path} = {Convert.ToHexString(await _observer.ReadAsync(path))} {await _observer.GetPermissionsAsync(path)} [{string.Join(' ', children)}]");
        foreach (var child in children)
            await DumpAsync($"{path}/{child}", nodes);
    }
}
