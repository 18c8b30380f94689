using Actors.Sdk;
using Actors.Xen.Hypercalls;

namespace Actors.Xen.Paging;

/// <summary>What pagers stand on.</summary>
/// <param name="Program">Starts and finds them.</param>
/// <param name="Room">Where their page files are.</param>
/// <param name="Orders">What they are told through xenstore.</param>
/// <param name="Time">All time.</param>
internal sealed record PagerGround(IPagingProgram Program, PageFileRoom Room, PagerOrders Orders, TimeProvider Time)
{
    /// <summary>What the hypervisor says of a domain.</summary>
    public required Func<int, DomainRecord?> Ask { get; init; }

    /// <summary>The host's free memory.</summary>
    public required Func<Kib> FreeMemory { get; init; }

    /// <summary>Takes away what a pager that was killed left in the hypervisor, which lets no other one in.</summary>
    public required Action<int> Detach { get; init; }
}
