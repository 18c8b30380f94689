namespace Actors.Dispatch.Domains;

/// <summary>The keys of <c>/local/domain/X/memory-policy</c> and where the host tells about itself.</summary>
internal static class PolicyKeys
{
    public const string Domains = "/local/domain";
    public const string Folder = "memory-policy";
    public const string Target = "target";
    public const string Actor = "actor";
    public const string Timeout = "timeout";
    public const string Floor = "floor";
    public const string State = "state";

    /// <summary>What the running host tells about itself: pid, journal, actors, policies.</summary>
    public const string Host = "/tool/actors";

    /// <summary>Whether no actor may write there: what the toolstack wants and what the host answers. Relative to the domain.</summary>
    public static bool IsHosts(string path) =>
        path == Folder || path.Split('/') is [Folder, Target or Actor or Timeout or Floor or State, ..];

    public static string Domain(int domid) => $"{Domains}/{domid}";

    public static string Of(int domid) => $"{Domains}/{domid}/{Folder}";

    public static string Of(int domid, string key) => $"{Domains}/{domid}/{Folder}/{key}";
}
