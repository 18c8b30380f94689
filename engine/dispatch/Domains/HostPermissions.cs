using Actors.XenStore;

namespace Actors.Dispatch.Domains;

/// <summary>Permissions of the host's own keys.</summary>
internal static class HostPermissions
{
    /// <summary>Only dom0 may read and write.</summary>
    public static NodePermissions Dom0Only { get; } = new(new NodePermission(0, NodeAccess.None));
}
