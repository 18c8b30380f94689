using Actors.Sdk;

namespace Actors.Paging;

/// <summary>
/// Takes the footprint down without the guest's help: a pager holds pages outside. Told where to go through
/// <c>memory/target-tot_pages</c>, as xenpaging reads it.
/// </summary>
[Actor("paging")]
internal sealed class PagingActor : IActor
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(30);

    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var offer = domain.GetMechanism<IPaging>();
        var start = await domain.InspectAsync(cancellation);
        if (!offer.Available)
            return Outcome.Unable(start.Footprint, offer.WhyNot);
        if (NothingToDo(start, request) is { } already)
            return already;
        try
        {
            await offer.Mechanism.StartAsync(cancellation);
        }
        catch (MechanismException error)
        {
            return Outcome.Unable(start.Footprint, error.Message);
        }
        await domain.Store.WriteKibAsync(DomainKeys.PagingTarget, request.Target, cancellation);
        return await WatchAsync(domain, offer.Mechanism, request, start, cancellation);
    }

    public async Task ReleaseAsync(IDomain domain, CancellationToken cancellation)
    {
        if (domain.GetMechanism<IPaging>() is { Available: true } offer)
            await offer.Mechanism.StopAsync(cancellation);
        await domain.Store.RemoveAsync(DomainKeys.PagingTarget, cancellation);
    }

    public ValueTask DisposeAsync() => default;

    // A pager can hold pages back and give them back, and nothing else: it cannot make a guest larger than it is.
    private static Outcome? NothingToDo(DomainInfo info, TargetRequest request)
    {
        if (info.PagedPages > Pages.Zero || info.Footprint > request.Target + request.Tolerance)
            return null;
        return request.IsReachedBy(info.Footprint)
            ? Outcome.Reached(info.Footprint, "the footprint is there already, and nothing is paged out")
            : Outcome.Short(info.Footprint, $"nothing is paged out: the guest itself has no more than {info.Populated}");
    }

    private static async Task<Outcome> WatchAsync(
        IDomain domain, IPaging pager, TargetRequest request, DomainInfo start, CancellationToken cancellation)
    {
        var nearest = (start.Footprint - request.Target).Abs();
        var moved = domain.Time.GetTimestamp();
        while (true)
        {
            var info = await domain.InspectAsync(cancellation);
            domain.Report(new Progress(info.Footprint, $"{info.PagedPages.ToKib()} paged out"));
            var fault = pager.Fault;
            if (fault is not null && !pager.Running)
                return Outcome.Failed(info.Footprint, Death(fault, info.PagedPages));
            if (request.IsReachedBy(info.Footprint))
                return Outcome.Reached(info.Footprint, $"the pager went from {start.Footprint} to {info.Footprint}, with {info.PagedPages.ToKib()} paged out");
            if (info.PagedPages == Pages.Zero && info.Footprint < request.Target)
                return Outcome.Short(info.Footprint, $"everything is paged in: the guest itself has no more than {info.Populated}");
            if (fault is not null)
            {
                // What it cannot do it would try again and again.
                await domain.Store.WriteKibAsync(DomainKeys.PagingTarget, info.Footprint, cancellation);
                return Outcome.Short(info.Footprint, fault);
            }
            var distance = (info.Footprint - request.Target).Abs();
            if (distance < nearest)
                (nearest, moved) = (distance, domain.Time.GetTimestamp());
            if (domain.Time.GetElapsedTime(moved) >= StuckAfter)
                return Outcome.Short(info.Footprint, $"the pager has not moved for {StuckAfter.TotalSeconds:0} s, {distance} from the target; look at its log");
            await Task.Delay(Look, domain.Time, cancellation);
        }
    }

    // Which page lies where in the page file the pager alone knew.
    private static string Death(string fault, Pages paged) => paged == Pages.Zero
        ? $"the pager died: {fault}"
        : $"the pager died: {fault}; {paged.ToKib()} that it had paged out are lost, and the guest crashes when it touches them: restart the guest";
}
