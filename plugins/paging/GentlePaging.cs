using Actors.Sdk;

namespace Actors.Paging;

/// <summary>Lowers the target of a running pager step by step, only as fast as the guest does not miss its pages.</summary>
internal sealed class GentlePaging(IDomain domain, IPaging paging, TargetRequest request)
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(30);

    // A pager chooses pages without knowledge of the guest. After each step the wrong ones come back, which says nothing about the level.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    // A guest that touches its memory slowly holds up the round, but not forever.
    private static readonly TimeSpan LongestRound = TimeSpan.FromHours(4);

    /// <summary>Works until the target is reached, or turns out to be too low for the guest, or the pager fails.</summary>
    public async Task<Outcome> LowerAsync(DomainInfo start, CancellationToken cancellation)
    {
        var level = GentleRules.Start(start.Footprint);
        var (counted, begun) = (paging.FaultedIn, domain.Time.GetTimestamp());
        while (true)
        {
            await domain.Store.WriteKibAsync(DomainKeys.PagingTarget, level.Level, cancellation);
            var arrived = await ArriveAsync(level.Level, cancellation);
            var pageIns = await CountAsync(cancellation);
            var now = await domain.InspectAsync(cancellation);
            if (pageIns is not { } perMinute)
                return await PagerFailedAsync(now, cancellation);
            domain.Report(new Progress(now.Footprint, $"gently: at {level.Level}, {PageIns.Rounded(perMinute.Value)} page-ins per minute"));
            var wentRound = paging.FaultedIn - counted >= start.TotPages || domain.Time.GetElapsedTime(begun) >= LongestRound;
            var move = GentleRules.Next(level, request.Target, perMinute, wentRound);
            if (!arrived && move.Level.Level <= level.Level && now.Footprint > level.Level + request.Tolerance && perMinute <= GentleRules.Budget(level.Level))
                return Outcome.Short(now.Footprint, PagingRules.WhyStuck(now, request with { Target = level.Level }, StuckAfter));
            switch (move.Verdict)
            {
                case GentleVerdict.Reached:
                    return Outcome.Reached(now.Footprint, GentleRules.HowReached(start.Footprint, now, perMinute));
                case GentleVerdict.Short:
                    return Outcome.Short(now.Footprint, GentleRules.WhyShort(move.Level));
            }
            level = move.Level;
        }
    }

    // Not if the pager has failed, or if it has not come nearer for a while.
    private async Task<bool> ArriveAsync(Kib level, CancellationToken cancellation)
    {
        var progress = new PagingProgress(new Kib(long.MaxValue), domain.Time.GetTimestamp());
        while (paging is { Running: true, Fault: null })
        {
            var info = await domain.InspectAsync(cancellation);
            domain.Report(new Progress(info.Footprint, $"gently: {info.PagedPages.ToKib()} paged out"));
            var distance = (info.Footprint - level).Abs();
            if (distance <= request.Tolerance || (info.Footprint < level && info.PagedPages == Pages.Zero))
                return true;
            progress = progress.Observe(distance, domain.Time.GetTimestamp());
            if (domain.Time.GetElapsedTime(progress.LastNearer) >= StuckAfter)
                return false;
            await Task.Delay(CheckInterval, domain.Time, cancellation);
        }
        return false;
    }

    private async Task<Pages?> CountAsync(CancellationToken cancellation)
    {
        await Task.Delay(Settling, domain.Time, cancellation);
        var (before, begun) = (paging.FaultedIn, domain.Time.GetTimestamp());
        await Task.Delay(Window, domain.Time, cancellation);
        var minutes = domain.Time.GetElapsedTime(begun).TotalMinutes;
        return paging is { Running: true, Fault: null } && before is { } first && paging.FaultedIn is { } last
            ? new Pages((long)((last - first).Value / minutes))
            : null;
    }

    private async Task<Outcome> PagerFailedAsync(DomainInfo now, CancellationToken cancellation)
    {
        if (!paging.Running)
            return now.PagedPages > Pages.Zero ? Outcome.Failed(now.Footprint, PagingRules.WhyDied(paging, now)) : Outcome.Short(now.Footprint, PagingRules.WhyDied(paging, now));
        // Otherwise the pager would retry forever.
        await domain.Store.WriteKibAsync(DomainKeys.PagingTarget, now.Footprint, cancellation);
        return Outcome.Short(now.Footprint, paging.Fault ?? PagingRules.NoCount);
    }
}
