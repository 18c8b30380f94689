using Actors.Sdk;

namespace Actors.Sharing;

/// <summary>How sharing stands, for a person. Pure.</summary>
internal static class SharingWords
{
    public static string Progress(SharingStatus status) => $"{status.Shared.ToKib()} shared";

    /// <summary>What is shared with whom, what that frees, and what copy-on-write took back.</summary>
    public static string Of(SharingStatus status)
    {
        var words = status.Shared == Pages.Zero
            ? $"nothing is shared in group '{status.Group}'"
            : $"{status.Shared.ToKib()}{Contents(status)} shared {Partners(status)}, which frees {status.Freed.ToKib()} of the host";
        return status.TakenBack == Pages.Zero ? words : $"{words}; copy-on-write took {status.TakenBack.ToKib()} back";
    }

    /// <summary>There is no more to share, or to unshare.</summary>
    public static string End(SharingStatus status, DomainInfo info, TargetRequest request)
    {
        if (info.Footprint > request.Target)
            return $"{Of(status)}; {info.Footprint - request.Target} short: no other page is the same as one of group '{status.Group}'";
        return status.Shared > Pages.Zero
            ? Stuck(status, info)
            : $"nothing is shared any more: the guest itself has no more than {info.Populated}";
    }

    /// <summary>The guests write faster than pages are found to be the same.</summary>
    public static string Eroded(SharingStatus status, DomainInfo info, TargetRequest request) =>
        $"{Of(status)}, as fast as pages are shared; {(info.Footprint - request.Target).Abs()} short";

    /// <summary>Its own copies cannot be had.</summary>
    public static string Stuck(SharingStatus status, DomainInfo info)
    {
        var wanted = status.Shared.ToKib();
        var why = info.MaxMem - info.Footprint < wanted
            ? $"its max_mem of {info.MaxMem} lets it have {Kib.Max(Kib.Zero, info.MaxMem - info.Footprint)} of it; raise that"
            : "the host has no free memory for it; free some, and release it again";
        return $"{wanted} are still shared {Partners(status)}: to have them alone the domain needs as much memory, and {why}";
    }

    private static string Contents(SharingStatus status) => status.Contents.Count == 0 ? "" : $" of {string.Join(" and ", status.Contents)} pages";

    private static string Partners(SharingStatus status) => status.Partners switch
    {
        0 => "within the domain itself",
        1 => $"with 1 domain of group '{status.Group}'",
        var some => $"with {some} domains of group '{status.Group}'",
    };
}
