using Actors.Sdk;

namespace Actors.Paging;

/// <summary>Since when the footprint has come no nearer to its target. Pure.</summary>
internal readonly record struct PagingCourse(Kib Nearest, long LastNearer)
{
    public PagingCourse See(Kib distance, long timestamp) => distance < Nearest ? new(distance, timestamp) : this;
}

/// <summary>When paging is over, and in which words. Pure.</summary>
internal static class PagingRules
{
    /// <summary>A pager can hold pages back and give them back, and nothing else: it cannot make a guest larger than it is.</summary>
    public static Outcome? NothingToDo(DomainInfo info, TargetRequest request)
    {
        if (info.PagedPages > Pages.Zero || info.Footprint > request.Target + request.Tolerance)
            return null;
        return request.IsReachedBy(info.Footprint)
            ? Outcome.Reached(info.Footprint, "the footprint is there already, and nothing is paged out")
            : Outcome.Short(info.Footprint, $"nothing is paged out: the guest itself has no more than {info.Populated}");
    }

    /// <summary>How it ended; <see langword="null"/> while it goes on.</summary>
    public static Outcome? Judge(DomainInfo start, DomainInfo now, TargetRequest request)
    {
        if (request.IsReachedBy(now.Footprint))
            return Outcome.Reached(now.Footprint, $"{HowReached(start.Footprint, now.Footprint)}, with {now.PagedPages.ToKib()} paged out");
        return now.PagedPages == Pages.Zero && now.Footprint < request.Target
            ? Outcome.Short(now.Footprint, $"everything is paged in: the guest itself has no more than {now.Populated}")
            : null;
    }

    public static string WhyStuck(DomainInfo now, TargetRequest request, TimeSpan since)
    {
        var rest = (now.Footprint - request.Target).Abs();
        var why = now.Footprint > request.Target ? "the guest's other pages cannot be paged out"
            : now.MaxMem - now.Footprint < rest ? $"the domain's max_mem of {now.MaxMem} leaves no room; raise it (xl mem-max)"
            : "the host may have no free memory ('xl info' tells): free some";
        return $"the pager has not moved for {since.TotalSeconds:0} s, {rest} {(now.Footprint > request.Target ? "above" : "below")} the target: {why}, or look at its log";
    }

    /// <summary>Which page lies where in the page file the pager alone knew.</summary>
    public static string WhyDied(IPaging paging, DomainInfo info)
    {
        var died = $"the pager ended by itself: {paging.Fault ?? "it does not say why; look at its log"}";
        return info.PagedPages == Pages.Zero
            ? died
            : $"{died}; {info.PagedPages.ToKib()} that it had paged out are lost, and the guest stops when it touches them: restart the guest";
    }

    private static string HowReached(Kib start, Kib now) =>
        (start - now).Abs() < Kib.FromMiB(1) ? $"the footprint is {now} already" : $"the pager went from {start} to {now}";
}
