using Actors.Sdk;

namespace Actors.Paging;

/// <summary>
/// Takes the footprint down without the guest's help: a pager holds pages outside. Told where to go through
/// <c>memory/target-tot_pages</c>, as xenpaging reads it (tools/xenpaging/xenpaging.c); on release everything is paged in, and the pager
/// ends. A pager that dies takes with it what it had paged out; one that held nothing yet is started again, once.
/// </summary>
[Actor("paging")]
internal sealed class PagingActor : IActor
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(30);

    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var start = await domain.InspectAsync(cancellation);
        var offer = domain.GetMechanism<IPaging>();
        if (!offer.Available)
            return Outcome.Unable(start.Footprint, offer.WhyNot);
        // A pager that runs must hear of every target, or it goes on to the last one.
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
        await domain.Store.WriteKibAsync(DomainKeys.PagingTarget, request.Target, cancellation);
        return await WatchAsync(domain, offer.Mechanism, request, start, cancellation);
    }

    public async Task ReleaseAsync(IDomain domain, CancellationToken cancellation)
    {
        if (domain.GetMechanism<IPaging>() is { Available: true } offer)
            await PageInAsync(domain, offer.Mechanism, cancellation);
        await domain.Store.RemoveAsync(DomainKeys.PagingTarget, cancellation);
    }

    public ValueTask DisposeAsync() => default;

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
        var course = new PagingCourse((start.Footprint - request.Target).Abs(), domain.Time.GetTimestamp());
        var mayRestart = true;
        while (true)
        {
            var info = await domain.InspectAsync(cancellation);
            domain.Report(new Progress(info.Footprint, $"{info.PagedPages.ToKib()} paged out"));
            if (!paging.Running)
            {
                if (await RestartAsync(domain, paging, info, mayRestart, cancellation) is { } ended)
                    return ended;
                mayRestart = false;
            }
            if (PagingRules.Judge(start, info, request) is { } outcome)
                return outcome;
            if (paging is { Running: true, Fault: { } fault })
            {
                // What it cannot do it would try again and again.
                await domain.Store.WriteKibAsync(DomainKeys.PagingTarget, info.Footprint, cancellation);
                return Outcome.Short(info.Footprint, fault);
            }
            course = course.See((info.Footprint - request.Target).Abs(), domain.Time.GetTimestamp());
            if (domain.Time.GetElapsedTime(course.LastNearer) >= StuckAfter)
                return Outcome.Short(info.Footprint, PagingRules.WhyStuck(info, request, StuckAfter));
            await Task.Delay(Look, domain.Time, cancellation);
        }
    }

    private static async Task<Outcome?> RestartAsync(IDomain domain, IPaging paging, DomainInfo info, bool may, CancellationToken cancellation)
    {
        var died = PagingRules.WhyDied(paging, info);
        domain.Log.Warn(died);
        if (info.PagedPages > Pages.Zero)
            return Outcome.Failed(info.Footprint, died);
        if (!may)
            return Outcome.Short(info.Footprint, $"{died}; it ended again after a restart");
        try
        {
            await paging.StartAsync(cancellation);
            return null;
        }
        catch (MechanismException error)
        {
            return Outcome.Short(info.Footprint, $"{died}; it does not start again: {error.Message}");
        }
    }
}
