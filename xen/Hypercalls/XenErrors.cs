using Actors.Sdk;
using Actors.Xen.Calls;

namespace Actors.Xen.Hypercalls;

/// <summary>What an error number of the hypervisor means, for a person.</summary>
internal static class XenErrors
{
    /// <exception cref="HypervisorException">The result is an error.</exception>
    public static long Check(string call, long result) => result >= 0 ? result : throw Of(call, (int)-result);

    public static HypervisorException Of(string call, int errno) => new(call, errno, errno switch
    {
        Errno.NotPermitted => "not permitted: this is no control domain, or a security policy forbids it",
        Errno.NoSuchDomain => "there is no such domain (any more)",
        Errno.OutOfMemory => "the hypervisor has no memory for it",
        Errno.NoAccess => "the hypervisor speaks another version of its interface",
        Errno.Invalid => "the hypervisor finds the arguments wrong",
        Errno.NotImplemented or Errno.NotSupported => "this hypervisor is built without it",
        _ => "the hypervisor refuses",
    });
}
