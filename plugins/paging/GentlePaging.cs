using Actors.Sdk;

namespace Actors.Paging;

/// <summary>Lowers the target of a running pager step by step, as long as the guest does not miss its pages.</summary>
internal sealed class GentlePaging(IDomain domain, IPaging paging, TargetRequest request)
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(30);

    // A pager does not know which pages the guest uses. After each step the wrong ones come back, which says nothing about the level.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    // If the guest touches its memory slowly, a full pass takes long, so this limits it.
    private static readonly TimeSpan LongestRound = TimeSpan.FromHours(4);

    /// <summary>Works until the target is reached, or turns out to be too low for the guest, or the pager fails.</summary>
    public async Task<Outcome> LowerAsync(DomainInfo start, CancellationToken cancellation) =>
        await GentleRecord.ReadAsync(domain, cancellation) is { } record && request.Target < record.TooLow
            ? await CheckAgainAsync(record, start, cancellation)
            : await LowerFromAsync(start, cancellation);

    private async Task<Outcome> LowerFromAsync(DomainInfo start, CancellationToken cancellation)
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
                    await GentleRecord.ForgetAsync(domain, cancellation);
                    return Outcome.Reached(now.Footprint, GentleRules.HowReached(start.Footprint, now, perMinute));
                case GentleVerdict.Short:
                    var (tooLow, there) = move.Level.TooLow!.Value;
                    return await ShortAsync(now, new GentleRecord(request.Target, move.Level.Level, tooLow, there, domain.Time.GetUtcNow()), cancellation);
            }
            level = move.Level;
        }
    }

    // The guest needed its memory at the last request. Perhaps it uses less now.
    private async Task<Outcome> CheckAgainAsync(GentleRecord record, DomainInfo start, CancellationToken cancellation)
    {
        var level = Kib.Min(record.Quiet, start.Footprint);
        await domain.Store.WriteKibAsync(DomainKeys.PagingTarget, level, cancellation);
        if (record.Target == request.Target && domain.Time.GetUtcNow() < record.NextCheck)
            return Outcome.Short(start.Footprint, GentleRules.WhyShort(record)) with { Lacks = new Lack(LackKinds.GuestMemory) };
        await ArriveAsync(level, cancellation);
        if (await CountAsync(cancellation) is not { } before)
            return await PagerFailedAsync(await domain.InspectAsync(cancellation), cancellation);
        var begun = level;
        var found = record with { Target = request.Target, Quiet = level, Checks = record.Checks + 1 };
        if (!CarefulRules.MayTry(level, before))
        {
            var stay = Kib.Min(CarefulRules.Stay(level, before), start.Populated);
            await domain.Store.WriteKibAsync(DomainKeys.PagingTarget, stay, cancellation);
            return await ShortAsync(await domain.InspectAsync(cancellation), found with { Quiet = stay }, cancellation);
        }
        while (true)
        {
            var next = Kib.Max(request.Target, level - CarefulRules.Step(level, begun).ToKib());
            var pageIns = await StepAsync(next, CarefulRules.TooMany(level), cancellation);
            var now = await domain.InspectAsync(cancellation);
            if (pageIns is not { } counted)
                return await PagerFailedAsync(now, cancellation);
            domain.Report(new Progress(now.Footprint, $"gently: at {next}, where the guest needed its memory before, {PageIns.Rounded(counted.Value)} page-ins so far"));
            if (counted > CarefulRules.TooMany(level))
            {
                await domain.Store.WriteKibAsync(DomainKeys.PagingTarget, level, cancellation);
                return await ShortAsync(now, found with { Quiet = level, TooLow = Kib.Min(record.TooLow, next) }, cancellation);
            }
            if (now.Footprint > next + request.Tolerance)
                return Outcome.Short(now.Footprint, PagingRules.WhyStuck(now, request with { Target = next }, StuckAfter));
            level = next;
            if (level <= request.Target)
            {
                await GentleRecord.ForgetAsync(domain, cancellation);
                return Outcome.Reached(now.Footprint, GentleRules.HowReached(start.Footprint, now, counted));
            }
            if (counted > CarefulRules.Enough(level))
                return await ShortAsync(now, found with { Quiet = level, TooLow = Kib.Min(record.TooLow, level) }, cancellation);
            // It found memory that the guest does not miss.
            found = found with { Checks = 0 };
        }
    }

    // Returns the page-ins during one small step, or null if the pager failed. Ends early if there are too many.
    private async Task<Pages?> StepAsync(Kib level, Pages tooMany, CancellationToken cancellation)
    {
        var (before, begun) = (paging.FaultedIn, domain.Time.GetTimestamp());
        await domain.Store.WriteKibAsync(DomainKeys.PagingTarget, level, cancellation);
        while (paging is { Running: true, Fault: null } && before is { } first && paging.FaultedIn is { } last)
        {
            if (last - first > tooMany || domain.Time.GetElapsedTime(begun) >= Settling + Window)
                return last - first;
            await Task.Delay(CheckInterval, domain.Time, cancellation);
        }
        return null;
    }

    private async Task<Outcome> ShortAsync(DomainInfo now, GentleRecord record, CancellationToken cancellation)
    {
        var found = record with { At = domain.Time.GetUtcNow() };
        await found.WriteAsync(domain, cancellation);
        return Outcome.Short(now.Footprint, GentleRules.WhyShort(found)) with { Lacks = new Lack(LackKinds.GuestMemory) };
    }

    // Returns false if the pager has failed, or has come no nearer for a while.
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
