using Actors.Sdk;

namespace Actors.Paging;

/// <summary>Decides when paging has ended, and with which outcome. Pure.</summary>
internal static class PagingRules
{
    /// <summary>The reason if the pager does not count page-ins.</summary>
    public const string NoCount = "paging:gentle must know how many pages the guest brings back in, and this pager does not count them; use 'paging'";

    private const string Gentle = "gentle";

    /// <summary>Whether the pager may page out only what the guest does not miss.</summary>
    public static bool IsGentle(string argument) => argument == Gentle;

    /// <summary>The reason if the argument is unknown; <see langword="null"/> if it is valid.</summary>
    public static string? UnknownArgument(string argument) => argument.Length == 0 || IsGentle(argument)
        ? null
        : $"paging has no argument '{argument}'; its only argument is '{Gentle}' (paging:{Gentle})";

    /// <summary>Returns the outcome if a pager is not needed. A pager can only page out and page in; it cannot make a guest larger than it is.</summary>
    public static Outcome? NothingToDo(DomainInfo info, TargetRequest request)
    {
        if (info.PagedPages > Pages.Zero || info.Footprint > request.Target + request.Tolerance)
            return null;
        return request.IsReachedBy(info.Footprint)
            ? Outcome.Reached(info.Footprint, "the footprint is already at the target, and nothing is paged out")
            : Outcome.Short(info.Footprint, $"nothing is paged out, and the guest itself has no more than {info.Populated}");
    }

    /// <summary>The outcome; <see langword="null"/> while the pager is still working.</summary>
    public static Outcome? OutcomeOf(DomainInfo start, DomainInfo now, TargetRequest request)
    {
        if (request.IsReachedBy(now.Footprint))
            return Outcome.Reached(now.Footprint, $"{HowReached(start.Footprint, now.Footprint)}, with {now.PagedPages.ToKib()} paged out");
        return now.PagedPages == Pages.Zero && now.Footprint < request.Target
            ? Outcome.Short(now.Footprint, $"everything is paged in, and the guest itself has no more than {now.Populated}")
            : null;
    }

    public static string WhyStuck(DomainInfo now, TargetRequest request, TimeSpan since)
    {
        var rest = (now.Footprint - request.Target).Abs();
        var why = now.Footprint > request.Target ? "the guest's other pages cannot be paged out"
            : now.MaxMem - now.Footprint < rest ? $"the domain's max_mem of {now.MaxMem} is too low; raise it (xl mem-max)"
            : "the host may have no free memory (check 'xl info'); free some";
        return $"the pager has not moved for {since.TotalSeconds:0} s, {rest} {(now.Footprint > request.Target ? "above" : "below")} the target: {why}, or check its log";
    }

    /// <summary>What a pager that does not move any more is missing; <see langword="null"/> if nothing is known to be.</summary>
    public static Lack? WhatIsMissing(DomainInfo now, TargetRequest request) => (request.Target - now.Footprint) switch
    {
        var rest when rest <= Kib.Zero => null,
        var rest when now.MaxMem - now.Footprint < rest => new Lack(LackKinds.MaxMem),
        var rest => Lack.OfHostMemory(rest),
    };

    /// <summary>The reason if the host has no memory for the pages that should come back.</summary>
    public static string WhyHostFull(DomainInfo now, TargetRequest request, PagerLevel level)
    {
        var host = level.Host!;
        var promised = host.Claimed > Kib.Zero ? $", {host.Claimed} of it promised to other domains" : "";
        return $"{now.PagedPages.ToKib()} are still paged out, {request.Target - now.Footprint} below the target: the host has {host.Free} of free memory{promised}, and "
            + $"{host.Reserve} stay reserved for the host; shrink or destroy another domain, or lower 'reserve' in actors.yaml";
    }

    /// <summary>The reason after a pager died. Only the pager knew which page is where in the page file, so its pages are lost.</summary>
    public static string WhyDied(IPaging paging, DomainInfo info)
    {
        var died = $"the pager ended unexpectedly: {paging.Fault ?? "it gave no reason; check its log"}";
        return info.PagedPages == Pages.Zero
            ? died
            : $"{died}; the {info.PagedPages.ToKib()} that it had paged out are lost, and the guest crashes when it touches them: restart the guest";
    }

    /// <summary>What is missing if paging is not available; <see langword="null"/> if this domain can never be paged.</summary>
    public static Lack? WhatIsMissing(DomainInfo info) => info.PopulateOnDemandPages > Pages.Zero ? new Lack(LackKinds.Mechanism) : null;

    private static string HowReached(Kib start, Kib now) =>
        (start - now).Abs() < Kib.FromMiB(1) ? $"the footprint is already {now}" : $"the pager went from {start} to {now}";
}
