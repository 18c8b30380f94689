using Actors.Sdk;

namespace Actors.Dispatch.Domains;

/// <summary>The memory that the host keeps free.</summary>
internal static class HostReserve
{
    // xen/common/page_alloc.c, DEFAULT_LOW_MEM_VIRQ: below this, Xen reports that it is low on memory.
    private static readonly Kib LowMemory = Kib.FromMiB(64);

    // What Xen itself takes for page tables and grants while domains run.
    private static readonly Kib Margin = Kib.FromMiB(8);

    public static Kib Default { get; } = LowMemory + Margin;
}
