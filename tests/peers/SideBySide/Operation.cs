using Actors.XenStore;

namespace Actors.Peers.SideBySide;

/// <summary>What is done by whom to which node.</summary>
internal enum Verb
{
    Read,
    Write,
    MakeDirectory,
    Remove,
    List,
    GetPermissions,
    SetPermissions,
    Begin,
    Commit,
    Abort,
}

/// <summary>One random operation; the same on both stores.</summary>
internal sealed record Operation(int Actor, Verb Verb, string Path, byte[] Value, NodePermissions Permissions)
{
    public override string ToString() => Verb switch
    {
        Verb.Write => $"actor {Actor}: write {Path} ({Value.Length} bytes)",
        Verb.SetPermissions => $"actor {Actor}: set permissions of {Path} to {Permissions}",
        _ => $"actor {Actor}: {Verb} {Path}",
    };
}

/// <summary>Makes operations out of few names, so that they meet; and now and then one that is malformed or too long.</summary>
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
        return new Operation(_random.Next(domids.Count), verb, Path(), value, Permissions());
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
