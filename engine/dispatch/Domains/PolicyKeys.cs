using System.Collections.Frozen;

namespace Actors.Dispatch.Domains;

/// <summary>The keys of <c>/local/domain/X/memory-policy</c>, and the folder in which the host describes itself.</summary>
internal static class PolicyKeys
{
    public const string Domains = "/local/domain";
    public const string Folder = "memory-policy";
    public const string Name = "name";
    public const string Target = "target";
    public const string Actor = "actor";
    public const string Timeout = "timeout";
    public const string Floor = "floor";
    public const string Min = "min";
    public const string Max = "max";
    public const string Share = "share";
    public const string SharingGroup = "sharing-group";
    public const string State = "state";
    public const string Reason = "reason";

    /// <summary>
    /// The value that actors last wrote to <c>memory/target</c>, if it was not the target itself. Otherwise the state has it. If
    /// <c>memory/target</c> has another value, another program wrote it.
    /// </summary>
    public const string BalloonTarget = "balloon-target";

    /// <summary>Present while the domain is left to another program that wrote <c>memory/target</c>: the value that it wrote.</summary>
    public const string LeftAlone = "left-alone";

    /// <summary>Present while a target was not reached because something is missing: what it waits for.</summary>
    public const string Waiting = "waiting";

    /// <summary>
    /// The domain's UUID. The host writes it last when it opens the folder. From then on, the keys in the folder count and not the stored ones. If
    /// the key is missing, xenstore has lost the folder: no other key shows that, because a run in flight may have written some since.
    /// </summary>
    public const string Uuid = "uuid";

    private static readonly FrozenSet<string> Reserved = FrozenSet.Create(StringComparer.Ordinal,
        Target, Actor, Timeout, Floor, Min, Max, Share, SharingGroup, State, Reason, "ordered", BalloonTarget, LeftAlone, Waiting, Uuid);

    /// <summary>The folder in which the running host describes itself: pid, journal, actors, policies.</summary>
    public const string Host = "/tool/actors";

    /// <summary>The key of a running host. If it is missing while the host runs, xenstore has lost its contents.</summary>
    public const string Running = Host + "/pid";

    /// <summary>Whether the key belongs to the toolstack or the host, so that no actor may write it. The path is relative to the domain.</summary>
    public static bool IsReserved(string path) =>
        path == Folder || (path.Split('/') is [Folder, var key, ..] && Reserved.Contains(key));

    public static string Domain(int domid) => $"{Domains}/{domid}";

    /// <summary>The key of the domain's name, which every domain has until it is destroyed.</summary>
    public static string NameOf(int domid) => $"{Domains}/{domid}/{Name}";

    public static string Of(int domid) => $"{Domains}/{domid}/{Folder}";

    public static string Of(int domid, string key) => $"{Domains}/{domid}/{Folder}/{key}";
}
