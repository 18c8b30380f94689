using System.Runtime.InteropServices;
using Actors.Sdk;

namespace Actors.Xen.Calls;

/// <summary>libxencall, soname 1: its interface is stable across versions of Xen (tools/include/xencall.h).</summary>
internal sealed class LibXenCall : IXenCall
{
    private readonly nint _handle;

    private LibXenCall(nint handle) => _handle = handle;

    /// <summary>Opens the hypervisor's door.</summary>
    /// <exception cref="HypervisorException">It does not open; the message says what is missing and what to do.</exception>
    public static LibXenCall Open()
    {
        try
        {
            var handle = Native.Open(0, 0);
            return handle != 0 ? new LibXenCall(handle) : throw WhyClosed(Marshal.GetLastPInvokeError());
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
            : throw new HypervisorException("xencall_alloc_buffer", Marshal.GetLastPInvokeError(), $"no memory for a buffer of {bytes} bytes");
    }

    public long Call(Hypercall call, HypercallBuffer argument) =>
        Result(Native.Call1(_handle, (uint)call, (ulong)argument.Address));

    public long Call(Hypercall call, ulong command, HypercallBuffer? argument) =>
        Result(Native.Call2(_handle, (uint)call, command, (ulong)(argument?.Address ?? 0)));

    public void Dispose() => _ = Native.Close(_handle);

    private static long Result(long value) => value < 0 ? -Marshal.GetLastPInvokeError() : value;

    private static HypervisorException WhyClosed(int errno) => new("xencall_open", errno, errno switch
    {
        Errno.NotFound => "there is no /dev/xen/privcmd: this is no dom0, or the module xen-privcmd is not loaded ('modprobe xen-privcmd')",
        Errno.NoAccess or Errno.NotPermitted => "/dev/xen/privcmd may be opened by root alone; run as root",
        _ => "/dev/xen/privcmd cannot be opened",
    });

    private sealed class NativeBuffer(nint handle, nint address, int length) : HypercallBuffer
    {
        public override nint Address => address;

        public override int Length => length;

        public override void Dispose() => Native.FreeBuffer(handle, address);
    }
}
