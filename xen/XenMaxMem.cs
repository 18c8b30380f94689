using Actors.Sdk;
using Actors.Xen.Hypercalls;

namespace Actors.Xen;

/// <summary><c>XEN_DOMCTL_max_mem</c> of one domain.</summary>
internal sealed class XenMaxMem(Domctl domctl, int domid) : IMaxMem
{
    public ValueTask SetMaxMemAsync(Kib maxMem, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMem, Kib.Zero);
        return domctl.TrySetMaxMem(domid, maxMem.Value) ? default : throw new DomainGoneException(domid);
    }
}
