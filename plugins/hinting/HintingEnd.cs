using Actors.Sdk;

namespace Actors.Hinting;

/// <summary>Decides how a run ends. Pure.</summary>
internal static class HintingEnd
{
    public static Outcome Of(DomainInfo info, HintingStatus status, TargetRequest request)
    {
        if (request.IsReachedBy(info.Footprint))
            return Outcome.Reached(info.Footprint, HintingReasons.Progress(status));
        return info.Footprint > request.Target
            ? Outcome.Short(info.Footprint, HintingReasons.VolunteeredLess(info, status, request)) with { Lacks = new Lack(LackKinds.GuestMemory) }
            : Outcome.Short(info.Footprint, HintingReasons.NotGrowing(info, status)) with { Lacks = WhatIsMissing(info, status, request) };
    }

    /// <summary>What is missing if no page can be returned; <see langword="null"/> if none is discarded.</summary>
    private static Lack? WhatIsMissing(DomainInfo info, HintingStatus status, TargetRequest request)
    {
        var rest = Kib.Min(request.Target - info.Footprint, status.Withheld.ToKib());
        if (rest <= Kib.Zero)
            return null;
        return info.MaxMem - info.Footprint < Kib.Min(rest, Kib.FromMiB(1)) ? new Lack(LackKinds.MaxMem) : Lack.OfHostMemory(rest);
    }
}
