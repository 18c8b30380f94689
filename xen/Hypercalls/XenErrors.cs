using Actors.Sdk;
using Actors.Xen.Calls;

namespace Actors.Xen.Hypercalls;

/// <summary>Explains the error numbers of the hypervisor.</summary>
internal static class XenErrors
{
    /// <exception cref="HypervisorException">The result is an error.</exception>
    public static long Check(string call, long result) => result >= 0 ? result : throw Of(call, (int)-result);

    public static HypervisorException Of(string call, int errno) => new(call, errno, errno switch
    {
        Errno.NotPermitted => "not permitted: this is not dom0, or a security policy forbids the call",
        Errno.NoSuchDomain => "the domain does not exist (any more)",
        Errno.OutOfMemory => "the hypervisor has too little memory for it",
        Errno.NoAccess => "the hypervisor uses another version of this interface",
        Errno.Invalid => "the hypervisor rejected the arguments",
        Errno.NotImplemented or Errno.NotSupported => "this hypervisor is built without this feature",
        _ => "the hypervisor rejected the call",
    });
}
