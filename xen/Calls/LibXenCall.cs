using System.Runtime.InteropServices;
using Actors.Sdk;

namespace Actors.Xen.Calls;

/// <summary>libxencall, soname 1. Its interface is stable across versions of Xen (tools/include/xencall.h).</summary>
internal sealed class LibXenCall : IXenCall
{
    private static readonly string[] Devices = ["/dev/xen/privcmd", "/proc/xen/privcmd"];

    private readonly nint _handle;

    private LibXenCall(nint handle) => _handle = handle;

    /// <summary>Opens the connection to the hypervisor.</summary>
    /// <exception cref="HypervisorException">The connection cannot be opened. The message says what is missing and what to do.</exception>
    public static LibXenCall Open()
    {
        // Checked here because the library would write its own message to stderr.
        if (!Devices.Any(File.Exists))
            throw OpenError(Errno.NotFound);
        if (!Environment.IsPrivilegedProcess)
            throw OpenError(Errno.NoAccess);
        try
        {
            var handle = Native.Open(0, 0);
            return handle != 0 ? new LibXenCall(handle) : throw OpenError(Marshal.GetLastPInvokeError());
        }
        catch (DllNotFoundException)
        {
            throw new HypervisorException("xencall_open", Errno.NotFound, $"{Native.Library} is missing; install the package libxencall1");
        }
    }

    public HypercallBuffer Allocate(int bytes)
    {
        var address = Native.AllocateBuffer(_handle, bytes);
        return address != 0
            ? new NativeBuffer(_handle, address, bytes)
            : throw new HypervisorException("xencall_alloc_buffer", Marshal.GetLastPInvokeError(), $"not enough memory for a buffer of {bytes} bytes");
    }

    public long Call(Hypercall call, HypercallBuffer argument) =>
        Result(Native.Call1(_handle, (uint)call, (ulong)argument.Address));

    public long Call(Hypercall call, ulong command, HypercallBuffer? argument) =>
        Result(Native.Call2(_handle, (uint)call, command, (ulong)(argument?.Address ?? 0)));

    public void Dispose() => _ = Native.Close(_handle);

    private static long Result(long value) => value < 0 ? -Marshal.GetLastPInvokeError() : value;

    private static HypervisorException OpenError(int errno) => new("xencall_open", errno, errno switch
    {
        Errno.NotFound => "there is no /dev/xen/privcmd: this is not dom0, or the module xen-privcmd is not loaded ('modprobe xen-privcmd')",
        Errno.NoAccess or Errno.NotPermitted => "only root can open /dev/xen/privcmd; run as root",
        _ => "/dev/xen/privcmd cannot be opened",
    });

    private sealed class NativeBuffer(nint handle, nint address, int length) : HypercallBuffer
    {
        public override nint Address => address;

        public override int Length => length;

        public override void Dispose() => Native.FreeBuffer(handle, address);
    }
}
