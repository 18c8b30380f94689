using System.Text;
using Actors.XenStore;

namespace Actors.Sim.Persistence;

/// <summary>Writes the nodes of an earlier machine into a new store.</summary>
internal static class StoreRestore
{
    public static async Task PutBackAsync(MachineImage image, Func<int, IXenStore> connect, IXenStore dom0)
    {
        List<NodeEntry> nodes = [.. image.Nodes];
        // Only a domain that the store knows can own a node; permissions from before that are dropped.
        foreach (var domid in nodes.SelectMany(node => node.Permissions).Select(permission => permission.Domid)
            .Concat(image.Domains.Select(domain => domain.Domid)).Distinct())
        {
            await connect(domid).DisposeAsync();
        }
        foreach (var node in nodes)
        {
            await dom0.WriteAsync(node.Path, Encoding.Latin1.GetBytes(node.Value));
            await dom0.SetPermissionsAsync(node.Path, new NodePermissions(node.Permissions));
        }
    }
}
