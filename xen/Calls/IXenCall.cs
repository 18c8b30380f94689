namespace Actors.Xen.Calls;

/// <summary>
/// The only interface between this project and libxencall: bytes in, bytes out, and an error number. The code that interprets the bytes is
/// above this interface, so it can be tested without a hypervisor. All members are thread-safe.
/// </summary>
internal interface IXenCall : IDisposable
{
    /// <summary>Allocates zeroed memory that the hypervisor can read and write. Dispose it to free it.</summary>
    /// <exception cref="Sdk.HypervisorException">There is not enough memory.</exception>
    HypercallBuffer Allocate(int bytes);

    /// <summary>Makes a hypercall with one argument. Returns its result, or the negative Linux error number.</summary>
    long Call(Hypercall call, HypercallBuffer argument);

    /// <summary>Makes a hypercall with a command and an argument. Returns its result, or the negative Linux error number.</summary>
    long Call(Hypercall call, ulong command, HypercallBuffer? argument);
}

/// <summary>The numbers of the hypercalls in use (xen/include/public/xen.h, <c>__HYPERVISOR_*</c>).</summary>
internal enum Hypercall : uint
{
    MemoryOp = 12,
    XenVersion = 17,
    Sysctl = 35,
    Domctl = 36,
}
