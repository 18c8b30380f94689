using Actors.Sdk;

namespace Actors.Sharing;

/// <summary>Describes the state of sharing for people to read. Pure.</summary>
internal static class SharingReasons
{
    public static string Progress(SharingStatus status) => $"{status.Shared.ToKib()} shared";

    /// <summary>What is shared with which domains, what that frees, and what copy-on-write took back.</summary>
    public static string Describe(SharingStatus status)
    {
        var text = status.Shared == Pages.Zero
            ? $"nothing is shared in group '{status.Group}'"
            : $"{status.Shared.ToKib()}{Contents(status)} shared {Partners(status)}, which frees {status.Freed.ToKib()} of the host";
        return status.TakenBack == Pages.Zero ? text : $"{text}; copy-on-write took {status.TakenBack.ToKib()} back";
    }

    /// <summary>No page is left that could be shared or unshared.</summary>
    public static string NoMorePages(SharingStatus status, DomainInfo info, TargetRequest request)
    {
        if (info.Footprint > request.Target)
            return $"{Describe(status)}; {info.Footprint - request.Target} short: no other page is identical to one in group '{status.Group}'";
        return status.Shared > Pages.Zero
            ? NotUnshared(status, info)
            : $"nothing is shared any more, and the guest itself has no more than {info.Populated}";
    }

    /// <summary>The guests write to shared pages faster than new ones are found.</summary>
    public static string CopiedAway(SharingStatus status, DomainInfo info, TargetRequest request) =>
        $"{Describe(status)}; the guests write to shared pages as fast as new ones are found, {(info.Footprint - request.Target).Abs()} from the target";

    /// <summary>The domain cannot get its own copies.</summary>
    public static string NotUnshared(SharingStatus status, DomainInfo info)
    {
        var needed = status.Shared.ToKib();
        var why = info.MaxMem - info.Footprint < needed
            ? $"its max_mem of {info.MaxMem} allows only {Kib.Max(Kib.Zero, info.MaxMem - info.Footprint)}; raise max_mem"
            : "the host has no free memory for it above its reserve; shrink or destroy another domain";
        return $"{needed} are still shared {Partners(status)}: to unshare them the domain needs that much memory, but {why}";
    }

    /// <summary>What is missing if no page can be unshared; <see langword="null"/> if nothing is known to be.</summary>
    public static Lack? WhatIsMissing(SharingStatus status, DomainInfo info, TargetRequest request)
    {
        var rest = Kib.Min(request.Target - info.Footprint, status.Shared.ToKib());
        if (rest <= Kib.Zero)
            return null;
        return info.MaxMem - info.Footprint < Kib.Min(rest, Kib.FromMiB(1)) ? new Lack(LackKinds.MaxMem) : Lack.OfHostMemory(rest);
    }

    private static string Contents(SharingStatus status) => status.Contents.Count == 0 ? "" : $" of {string.Join(" and ", status.Contents)} pages";

    private static string Partners(SharingStatus status) => status.Partners switch
    {
        0 => "within the domain itself",
        1 => $"with 1 domain of group '{status.Group}'",
        var some => $"with {some} domains of group '{status.Group}'",
    };
}
