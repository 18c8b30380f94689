namespace Actors.Xen.Calls;

/// <summary>
/// The one seam between this room and libxencall: bytes in, bytes out, and an error number. What the bytes mean is said above it,
/// so that it can be tested without a hypervisor. May be called by many callers at once.
/// </summary>
internal interface IXenCall : IDisposable
{
    /// <summary>Memory that the hypervisor may read and write, all zero. Free it by disposing it.</summary>
    /// <exception cref="Sdk.HypervisorException">There is none.</exception>
    HypercallBuffer Allocate(int bytes);

    /// <summary>A hypercall with one argument; what it returns, or minus the Linux error number.</summary>
    long Call(Hypercall call, HypercallBuffer argument);

    /// <summary>A hypercall with a command and its argument; what it returns, or minus the Linux error number.</summary>
    long Call(Hypercall call, ulong command, HypercallBuffer? argument);
}

/// <summary>The hypercalls in use, by their numbers (xen/include/public/xen.h, <c>__HYPERVISOR_*</c>).</summary>
internal enum Hypercall : uint
{
    MemoryOp = 12,
    XenVersion = 17,
    Sysctl = 35,
    Domctl = 36,
}
