using Actors.Sdk;

namespace Actors.Paging;

/// <summary>
/// Reduces the footprint without the guest's help: a pager writes pages of the guest to disk. xenpaging reads its target from
/// <c>memory/target-tot_pages</c> (tools/xenpaging/xenpaging.c). On release, all pages are paged in and the pager ends. If a pager dies, the
/// pages that it had paged out are lost; a pager that held none is restarted once. <c>paging:gentle</c> pages out only as much as the guest
/// does not miss.
/// </summary>
[Actor("paging")]
internal sealed class PagingActor : IActor
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(30);

    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var start = await domain.InspectAsync(cancellation);
        if (PagingRules.UnknownArgument(request.Argument) is { } unknown)
            return Outcome.Unable(start.Footprint, unknown);
        var offer = domain.GetMechanism<IPaging>();
        if (!offer.Available)
            return Outcome.Unable(start.Footprint, offer.WhyNot) with { Lacks = PagingRules.WhatIsMissing(start) };
        // A running pager must get every new target, or it keeps moving to the old one.
        if (!offer.Mechanism.Running && PagingRules.NothingToDo(start, request) is { } already)
            return already;
        var died = offer.Mechanism.Fault is null ? null : PagingRules.WhyDied(offer.Mechanism, start);
        try
        {
            await offer.Mechanism.StartAsync(cancellation);
        }
        catch (MechanismException error)
        {
            return start.PagedPages == Pages.Zero ? Outcome.Unable(start.Footprint, error.Message) : Outcome.Failed(start.Footprint, died ?? error.Message);
        }
        if (PagingRules.IsGentle(request.Argument) && start.Footprint > request.Target + request.Tolerance)
        {
            return offer.Mechanism.FaultedIn is null
                ? await WithoutCountAsync(offer.Mechanism, start, cancellation)
                : await new GentlePaging(domain, offer.Mechanism, request).LowerAsync(start, cancellation);
        }
        return await WatchAsync(domain, offer.Mechanism, request, start, cancellation);
    }

    public async Task ReleaseAsync(IDomain domain, CancellationToken cancellation)
    {
        if (domain.GetMechanism<IPaging>() is { Available: true } offer)
            await PageInAsync(domain, offer.Mechanism, cancellation);
        await domain.Store.RemoveAsync(DomainKeys.PagingTarget, cancellation);
        await GentleRecord.ForgetAsync(domain, cancellation);
    }

    public ValueTask DisposeAsync() => default;

    private static async Task<Outcome> WithoutCountAsync(IPaging paging, DomainInfo start, CancellationToken cancellation)
    {
        // A pager that holds pages must stay, and the domain must stay engaged. Otherwise nothing would ever bring the pages back.
        if (start.PagedPages > Pages.Zero)
            return Outcome.Short(start.Footprint, PagingRules.NoCount);
        await paging.StopAsync(cancellation);
        return Outcome.Unable(start.Footprint, PagingRules.NoCount);
    }

    private static async Task PageInAsync(IDomain domain, IPaging paging, CancellationToken cancellation)
    {
        var died = paging.Fault is null ? null : PagingRules.WhyDied(paging, await domain.InspectAsync(cancellation));
        await paging.StopAsync(cancellation);
        if (await domain.Store.ReadAsync(DomainKeys.PagingTarget, cancellation) is null)
            return;
        var info = await domain.InspectAsync(cancellation);
        if (info.PagedPages > Pages.Zero)
            throw new MechanismException(died ?? $"{info.PagedPages.ToKib()} are still paged out");
    }

    private static async Task<Outcome> WatchAsync(
        IDomain domain, IPaging paging, TargetRequest request, DomainInfo start, CancellationToken cancellation)
    {
        var progress = new PagingProgress((start.Footprint - request.Target).Abs(), domain.Time.GetTimestamp());
        var mayRestart = true;
        Kib? written = null;
        for (var info = start; ; info = await domain.InspectAsync(cancellation))
        {
            var level = await PagerLevel.ForAsync(domain, info, request, cancellation);
            if (written is not { } last || level.Differs(last))
            {
                written = level.Footprint;
                await domain.Store.WriteKibAsync(DomainKeys.PagingTarget, level.Footprint, cancellation);
            }
            domain.Report(new Progress(info.Footprint, $"{info.PagedPages.ToKib()} paged out"));
            if (!paging.Running)
            {
                if (await RestartAsync(domain, paging, info, mayRestart, cancellation) is { } ended)
                    return ended;
                mayRestart = false;
            }
            if (PagingRules.OutcomeOf(start, info, request) is { } outcome)
                return outcome;
            if (paging is { Running: true, Fault: { } fault })
            {
                // Otherwise the pager would retry forever.
                await domain.Store.WriteKibAsync(DomainKeys.PagingTarget, info.Footprint, cancellation);
                return Outcome.Short(info.Footprint, fault);
            }
            if (level.IsHostFull(info))
                return Outcome.Short(info.Footprint, PagingRules.WhyHostFull(info, request, level)) with { Lacks = Lack.OfHostMemory(level.Missing) };
            progress = progress.Observe((info.Footprint - request.Target).Abs(), domain.Time.GetTimestamp());
            if (domain.Time.GetElapsedTime(progress.LastNearer) >= StuckAfter)
                return Outcome.Short(info.Footprint, PagingRules.WhyStuck(info, request, StuckAfter)) with { Lacks = PagingRules.WhatIsMissing(info, request) };
            await Task.Delay(CheckInterval, domain.Time, cancellation);
        }
    }

    private static async Task<Outcome?> RestartAsync(IDomain domain, IPaging paging, DomainInfo info, bool allowed, CancellationToken cancellation)
    {
        var died = PagingRules.WhyDied(paging, info);
        domain.Log.Warn(died);
        if (info.PagedPages > Pages.Zero)
            return Outcome.Failed(info.Footprint, died);
        if (!allowed)
            return Outcome.Short(info.Footprint, $"{died}; this was the second time, so it is not restarted again");
        try
        {
            await paging.StartAsync(cancellation);
            return null;
        }
        catch (MechanismException error)
        {
            return Outcome.Short(info.Footprint, $"{died}; it cannot be restarted: {error.Message}");
        }
    }
}
