using System.Text;
using Actors.XenStore.Embedded;
using Actors.XenStore.Tests.Embedded.Model;

namespace Actors.XenStore.Tests.Embedded;

/// <summary>Runs random operations of dom0 and two guests on the store and on a model of it: every reply and every event must be equal.</summary>
[TestFixture(1)]
[TestFixture(2)]
[TestFixture(3)]
public sealed class RandomOperationsTests(int seed)
{
    private const int Operations = 30_000;
    private static readonly int[] Domids = [0, 0, 7, 8];
    private static readonly string[] Names = ["a", "b", "c"];

    private readonly Random _random = new(seed);
    private readonly EmbeddedXenStore _store = new(domid => domid is 7 or 8);
    private readonly ModelStore _model = new();
    private readonly Dictionary<int, IXenStore> _connections = [];
    private readonly List<(IWatchQueue Real, ModelQueue Model)> _queues = [];
    private readonly List<(int Domid, IXenStoreTransaction Real, ModelTransaction Model)> _transactions = [];
    private readonly Dictionary<bool, int> _commits = [];

    [Test]
    public async Task The_store_and_the_model_agree()
    {
        foreach (var domid in Domids.Distinct())
        {
            _connections[domid] = _store.Connect(domid);
            await OpenQueue(domid);
        }
        for (var i = 0; i < Operations; i++)
        {
            var what = await Step();
            foreach (var (real, model) in _queues)
                Assert.That(await Events(real), Is.EqualTo(model.Events), $"events after {what}, operation {i}");
            foreach (var (_, model) in _queues)
                model.Events.Clear();
        }
        Assert.That(await Dump("/"), Is.EqualTo(DumpModel("/")));
        Assert.That(_commits.Values, Has.Count.EqualTo(2).And.All.GreaterThan(20), "commits that succeeded and that failed");
    }

    private async Task<string> Step()
    {
        if (_random.Next(20) == 0 && _transactions.Count < 5)
        {
            var domid = Pick(Domids);
            _transactions.Add((domid, await _connections[domid].BeginTransactionAsync(), new ModelTransaction(_model)));
            return "begin";
        }
        if (_random.Next(25) == 0 && _transactions.Count > 0)
            return await End(_random.Next(_transactions.Count));
        if (_transactions.Count > 0 && _random.Next(2) == 0)
        {
            var (domid, real, model) = Pick(_transactions);
            return await Operate(domid, real, model);
        }
        var who = Pick(Domids);
        return await Operate(who, _connections[who], _model);
    }

    private async Task<string> End(int index)
    {
        var (domid, real, model) = _transactions[index];
        _transactions.RemoveAt(index);
        if (_random.Next(4) == 0)
        {
            await real.DisposeAsync();
            return "abort";
        }
        var won = await real.CommitAsync();
        Assert.That(won, Is.EqualTo(model.Commit()), $"commit by {domid}");
        _commits[won] = _commits.GetValueOrDefault(won) + 1;
        return $"commit by {domid}";
    }

    private async Task<string> Operate(int domid, IXenStoreNodes real, ModelView model)
    {
        var path = RandomPath();
        var value = $"{_random.Next(100)}";
        var permissions = RandomPermissions();
        ModelNode? node = null;
        var (name, expected, actual) = _random.Next(12) switch
        {
            0 or 1 or 2 => ("write", model.Write(domid, path, value), real.WriteTextAsync(path, value).AsTask()),
            3 => ("mkdir", model.Write(domid, path, "", replace: false), real.MakeDirectoryAsync(path).AsTask()),
            4 => ("rm", model.Remove(domid, path), real.RemoveAsync(path).AsTask()),
            5 or 6 => ("set permissions", model.SetPermissions(domid, path, permissions), real.SetPermissionsAsync(path, permissions).AsTask()),
            _ => ("read", model.Read(domid, path, out node), Read(path, real, node)),
        };
        var what = $"{name} {path} by {domid}";
        Assert.That(await ErrorOf(actual), Is.EqualTo(expected), what);
        return what;
    }

    private static async Task Read(string path, IXenStoreNodes real, ModelNode? expected)
    {
        Assert.That(await real.ReadTextAsync(path), Is.EqualTo(expected?.Value), path);
        Assert.That(await real.ListAsync(path), Is.EqualTo(expected?.Children), path);
        Assert.That(await real.GetPermissionsAsync(path), Is.EqualTo(expected?.Permissions), path);
    }

    private static async Task<string?> ErrorOf(Task request)
    {
        try
        {
            await request;
            return null;
        }
        catch (XenStoreException failure)
        {
            return failure.ErrorName;
        }
    }

    private async Task OpenQueue(int domid)
    {
        var (real, model) = (_connections[domid].OpenWatchQueue(), new ModelQueue(domid));
        _model.Queues.Add(model);
        _queues.Add((real, model));
        foreach (var path in (string[])["/", "/a", "/a/b", "/b/c/a", "/local/domain/7"])
        {
            await real.AddAsync(path, $"{path} {domid}");
            model.Watch(path, $"{path} {domid}");
        }
    }

    /// <summary>Returns the queued events: the first event of a new watch marks their end.</summary>
    private static async Task<List<WatchEvent>> Events(IWatchQueue queue)
    {
        await queue.AddAsync("/end", "end");
        var events = new List<WatchEvent>();
        while (await queue.NextAsync() is { Token: not "end" } happened)
            events.Add(happened);
        await queue.RemoveAsync("/end", "end");
        return events;
    }

    private string RandomPath()
    {
        var path = _random.Next(3) == 0 ? "/local/domain/7" : "";
        for (var depth = _random.Next(4); depth > 0; depth--)
            path += $"/{Pick(Names)}";
        return path.Length == 0 ? "/" : path;
    }

    private NodePermissions RandomPermissions() => new(
        [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => new NodePermission(Pick(Domids), (NodeAccess)_random.Next(4)))]);

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    private async Task<string> Dump(string path)
    {
        var dom0 = _connections[0];
        var text = new StringBuilder($"{path} {await dom0.GetPermissionsAsync(path)} {await dom0.ReadTextAsync(path)}\n");
        foreach (var child in await dom0.ListAsync(path))
            text.Append(await Dump($"{(path == "/" ? "" : path)}/{child}"));
        return text.ToString();
    }

    private string DumpModel(string path)
    {
        var node = _model.Nodes[path];
        var children = node.Children.Select(child => DumpModel($"{(path == "/" ? "" : path)}/{child}"));
        return $"{path} {node.Permissions} {node.Value}\n{string.Concat(children)}";
    }
}
