using Actors.XenStore;

namespace Actors.Peers.SideBySide;

/// <summary>Generates operations with few names, so that they collide, and sometimes a malformed or too long one.</summary>
internal sealed class OperationSource(int seed, IReadOnlyList<int> domids)
{
    private static readonly string[] Names = ["a", "b", "c", "dd"];
    private static readonly string[] Strange = ["/", "/r//a", "/r/a/", "/r/a:b", "/r", "a", "@releaseDomain", "/local/domain/0"];
    private readonly Random _random = new(seed);

    public Operation Next()
    {
        var verb = _random.Next(100) switch
        {
            < 20 => Verb.Read,
            < 45 => Verb.Write,
            < 53 => Verb.MakeDirectory,
            < 63 => Verb.Remove,
            < 73 => Verb.List,
            < 78 => Verb.GetPermissions,
            < 86 => Verb.SetPermissions,
            < 91 => Verb.Begin,
            < 98 => Verb.Commit,
            _ => Verb.Abort,
        };
        var value = new byte[_random.Next(50) == 0 ? _random.Next(4200) : _random.Next(8)];
        _random.NextBytes(value);
        var (actor, path) = (_random.Next(domids.Count), Path());
        if (verb == Verb.SetPermissions && path.StartsWith('@') && domids[actor] != 0)
            path = "/r"; // xenstored 4.17 may send a guest no reply at all to this request.
        return new Operation(actor, verb, path, value, Permissions());
    }

    private string Path()
    {
        if (_random.Next(40) == 0)
            return Strange[_random.Next(Strange.Length)];
        var names = Enumerable.Range(0, 1 + _random.Next(4)).Select(_ => Names[_random.Next(Names.Length)]);
        return $"/r/{string.Join('/', names)}";
    }

    private NodePermissions Permissions() =>
        new([.. Enumerable.Range(0, 1 + _random.Next(3)).Select(_ => new NodePermission(domids[_random.Next(domids.Count)], (NodeAccess)_random.Next(4)))]);
}
