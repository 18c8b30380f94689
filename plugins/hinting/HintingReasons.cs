using Actors.Sdk;

namespace Actors.Hinting;

/// <summary>Describes the state of the volunteered pages for people to read. Pure.</summary>
internal static class HintingReasons
{
    public static string Progress(HintingStatus status) => status.Withheld == Pages.Zero
        ? "nothing that the guest volunteered is discarded"
        : $"{status.Withheld.ToKib()} that the guest volunteered are discarded";

    /// <summary>The guest volunteers too little for the target.</summary>
    public static string VolunteeredLess(DomainInfo info, HintingStatus status, TargetRequest request) =>
        $"{Progress(status)}; {info.Footprint - request.Target} short: " + (status.Volunteered == Pages.Zero
            ? "the guest volunteers no more"
            : $"{status.Volunteered.ToKib()} more are volunteered, but the floor is {request.Floor}");

    /// <summary>The footprint does not grow to the target.</summary>
    public static string NotGrowing(DomainInfo info, HintingStatus status) => status.Withheld > Pages.Zero
        ? NotReturned(status.Withheld, info)
        : $"nothing is discarded any more, and the guest itself has no more than {info.Populated}";

    /// <summary>Discarded pages cannot get frames.</summary>
    public static string NotReturned(Pages withheld, DomainInfo info)
    {
        var needed = withheld.ToKib();
        var why = info.MaxMem - info.Footprint < needed
            ? $"its max_mem of {info.MaxMem} allows only {Kib.Max(Kib.Zero, info.MaxMem - info.Footprint)}; raise max_mem"
            : "the host has no free memory for it above its reserve; shrink or destroy another domain";
        return $"{needed} are still discarded: to give them back the domain needs that much memory, but {why}";
    }
}
