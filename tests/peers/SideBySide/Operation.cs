using Actors.XenStore;

namespace Actors.Peers.SideBySide;

/// <summary>The kind of an operation.</summary>
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

/// <summary>One random operation, which runs on both stores.</summary>
internal sealed record Operation(int Actor, Verb Verb, string Path, byte[] Value, NodePermissions Permissions)
{
    public override string ToString() => Verb switch
    {
        Verb.Write => $"actor {Actor}: write {Path} ({Value.Length} bytes)",
        Verb.SetPermissions => $"actor {Actor}: set permissions of {Path} to {Permissions}",
        _ => $"actor {Actor}: {Verb} {Path}",
    };
}
