using Actors.Sdk;
using Actors.Xen.Hypercalls;

namespace Actors.Xen.Paging;

/// <summary>The services that pagers use.</summary>
/// <param name="Program">Starts and finds pager processes.</param>
/// <param name="PageFiles">The folder of the page files.</param>
/// <param name="Targets">Writes the targets of pagers to xenstore.</param>
/// <param name="Time">The source of time.</param>
internal sealed record PagerServices(IPagingProgram Program, PageFileFolder PageFiles, PagerTargets Targets, TimeProvider Time)
{
    /// <summary>Reads a domain from the hypervisor.</summary>
    public required Func<int, DomainRecord?> GetDomain { get; init; }

    /// <summary>Reads the free memory of the host above its reserve.</summary>
    public required Func<Kib> FreeMemory { get; init; }

    /// <summary>Removes the ring that a killed pager left in the hypervisor. While the ring exists, no other pager can start.</summary>
    public required Action<int> Detach { get; init; }
}
