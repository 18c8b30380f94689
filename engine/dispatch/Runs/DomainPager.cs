using Actors.Dispatch.Decisions;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Sdk;

namespace Actors.Dispatch.Runs;

/// <summary>The facts about the pager of a domain.</summary>
internal sealed class DomainPager(HostDomain domain, ActorDirectory directory)
{
    /// <summary>The number of pages that the guest has brought back in; <see langword="null"/> if nothing is paged out or the pager does not count.</summary>
    public Pages? PageInsOf(DomainInfo info) => Of(info)?.FaultedIn;

    /// <summary>A message about the pages that the domain has lost with its pager; <see langword="null"/> if it has lost none.</summary>
    public string? LostPagesOf(DomainInfo info)
    {
        if (Of(info) is not { } paging)
            return null;
        var ours = domain.Engaged.Actors.Any(actor => directory.FindActor(actor)?.Needs.Contains("paging") ?? false);
        return LostPages.Describe(info, paging.Running, paging.Fault, ours);
    }

    private IPaging? Of(DomainInfo info) =>
        info.PagedPages > Pages.Zero && domain.GetMechanism<IPaging>() is { Available: true, Mechanism: var paging } ? paging : null;
}
