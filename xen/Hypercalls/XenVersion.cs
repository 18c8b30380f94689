using System.Text;
using Actors.Xen.Calls;

namespace Actors.Xen.Hypercalls;

/// <summary>The version of the hypervisor. Any domain may read it (xen/include/public/version.h).</summary>
internal static class XenVersion
{
    private const ulong MajorMinor = 0, Extra = 1;
    private const int ExtraLength = 16;

    /// <summary>Reads the version, for example <c>4.17.5</c>.</summary>
    public static string Read(IXenCall xen)
    {
        var version = XenErrors.Check("XENVER_version", xen.Call(Hypercall.XenVersion, MajorMinor, null));
        using var buffer = xen.Allocate(ExtraLength);
        var extra = xen.Call(Hypercall.XenVersion, Extra, buffer) < 0 ? "" : Encoding.ASCII.GetString(buffer.Bytes).TrimEnd('\0');
        return $"{version >> 16}.{version & 0xffff}{extra}";
    }
}
