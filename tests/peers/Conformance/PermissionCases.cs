using Actors.XenStore;
using static Actors.Peers.Conformance.Scene;

namespace Actors.Peers.Conformance;

internal static class PermissionCases
{
    private const string Area = "Permissions";

    public static IReadOnlyList<Case> All =>
    [
        new(Area, "a node that dom0 makes", "n0", async scene =>
        {
            await scene.WriteAsync("a");
            return $"{await scene.Client.GetPermissionsAsync(scene.At("a"))}";
        }),
        new(Area, "a node inherits its parent's", "n0,rGUEST", async scene =>
        {
            await scene.GuestAsync();
            await scene.WriteAsync("a");
            await scene.Client.SetPermissionsAsync(scene.At("a"), Guest(scene, NodeAccess.Read));
            await scene.WriteAsync("a/b");
            return Named(scene, await scene.Client.GetPermissionsAsync(scene.At("a/b")));
        }),
        new(Area, "a domain that does not exist may read a node", "OK", async scene =>
        {
            await scene.WriteAsync("a");
            return await OutcomeAsync(() => scene.Client.SetPermissionsAsync(scene.At("a"), Guest(scene, NodeAccess.Read)));
        }),
        new(Area, "a domain that does not exist owns a node", new("ENOENT", "OK", "oxenstored does not ask whether the domain exists"), async scene =>
        {
            await scene.WriteAsync("a");
            return await OutcomeAsync(() =>
                scene.Client.SetPermissionsAsync(scene.At("a"), new NodePermissions(new NodePermission(scene.Domid, NodeAccess.None))));
        }),
        new(Area, "permissions of an absent node", "ENOENT", scene => OutcomeAsync(async () => await scene.Client.GetPermissionsAsync(scene.At("a")))),
        new(Area, "setting permissions of an absent node", "ENOENT", scene =>
            OutcomeAsync(() => scene.Client.SetPermissionsAsync(scene.At("a"), new NodePermissions(new NodePermission(0, NodeAccess.None))))),
        new(Area, "a guest reads a node of dom0", "EACCES", async scene =>
        {
            var guest = await scene.GuestAsync();
            await scene.WriteAsync("a", "1");
            return await ValueAsync(() => guest.ReadAsync(scene.At("a")));
        }),
        new(Area, "a guest reads a node that it may read", "\"1\"", async scene =>
        {
            var guest = await scene.GuestAsync();
            await scene.WriteAsync("a", "1");
            await scene.Client.SetPermissionsAsync(scene.At("a"), Guest(scene, NodeAccess.Read));
            return await ValueAsync(() => guest.ReadAsync(scene.At("a")));
        }),
        new(Area, "a guest writes a node that it may read", "EACCES", async scene =>
        {
            var guest = await scene.GuestAsync();
            await scene.WriteAsync("a", "1");
            await scene.Client.SetPermissionsAsync(scene.At("a"), Guest(scene, NodeAccess.Read));
            return await OutcomeAsync(() => guest.WriteTextAsync(scene.At("a"), "2"));
        }),
        new(Area, "a guest reads a node that it may write", "EACCES", async scene =>
        {
            var guest = await scene.GuestAsync();
            await scene.WriteAsync("a", "1");
            await scene.Client.SetPermissionsAsync(scene.At("a"), Guest(scene, NodeAccess.Write));
            return await ValueAsync(() => guest.ReadAsync(scene.At("a")));
        }),
        new(Area, "a guest lists a node of dom0", "EACCES", async scene =>
        {
            var guest = await scene.GuestAsync();
            await scene.WriteAsync("a", "1");
            return await OutcomeAsync(async () => await guest.ListAsync(scene.Root));
        }),
        new(Area, "a guest reads an absent node below one that it may not read", new("EACCES", "ENOENT", "oxenstored tells a guest that a node is absent; xenstored does not"), async scene =>
        {
            var guest = await scene.GuestAsync();
            await scene.WriteAsync("a", "1");
            return await ValueAsync(() => guest.ReadAsync(scene.At("a/absent")));
        }),
        new(Area, "a guest makes a node where it may not", "EACCES", async scene =>
        {
            var guest = await scene.GuestAsync();
            await scene.WriteAsync("a", "1");
            return await OutcomeAsync(() => guest.WriteTextAsync(scene.At("a/b"), "2"));
        }),
        new(Area, "a guest owns what it makes", new("nGUEST,bGUEST", "n0,bGUEST", "xenstored makes the maker the owner; oxenstored leaves the parent's owner"), async scene =>
        {
            var guest = await scene.GuestAsync();
            await scene.WriteAsync("a");
            await scene.Client.SetPermissionsAsync(scene.At("a"), Guest(scene, NodeAccess.Both));
            await guest.WriteTextAsync(scene.At("a/b"), "1");
            return Named(scene, await scene.Client.GetPermissionsAsync(scene.At("a/b")));
        }),
        new(Area, "a guest sets the permissions of a node of its own", "OK", async scene =>
        {
            var guest = await OwnerAsync(scene);
            return await OutcomeAsync(() => guest.SetPermissionsAsync(scene.At("a"), new NodePermissions(new NodePermission(scene.Domid, NodeAccess.Read))));
        }),
        new(Area, "a guest gives a node of its own away", new("EPERM", "EACCES", "the same refusal by another name"), async scene =>
        {
            var guest = await OwnerAsync(scene);
            return await OutcomeAsync(() => guest.SetPermissionsAsync(scene.At("a"), new NodePermissions(new NodePermission(0, NodeAccess.None))));
        }),
        new(Area, "a guest sets the permissions of a node that it may write", "EACCES", async scene =>
        {
            var guest = await scene.GuestAsync();
            await scene.WriteAsync("a");
            await scene.Client.SetPermissionsAsync(scene.At("a"), Guest(scene, NodeAccess.Both));
            return await OutcomeAsync(() => guest.SetPermissionsAsync(scene.At("a"), Guest(scene, NodeAccess.Both)));
        }),
        new(Area, "a guest removes a node that it owns", "OK", async scene =>
        {
            var guest = await OwnerAsync(scene);
            return await OutcomeAsync(() => guest.RemoveAsync(scene.At("a")));
        }),
        new(Area, "a guest introduces a domain", "EACCES", async scene =>
        {
            var guest = await scene.GuestAsync();
            return await OutcomeAsync(() => guest.IntroduceAsync(scene.Domid + 1000, 1, 15));
        }),
        new(Area, "a guest releases a domain", "EACCES", async scene =>
        {
            var guest = await scene.GuestAsync();
            return await OutcomeAsync(() => guest.ReleaseAsync(scene.Domid));
        }),
        new(Area, "dom0 reads a node on which it has no entry", "\"1\"", async scene =>
        {
            await OwnerAsync(scene);
            return await ValueAsync(() => scene.Client.ReadAsync(scene.At("a")));
        }),
    ];

    private static NodePermissions Guest(Scene scene, NodeAccess access) =>
        new(new NodePermission(0, NodeAccess.None), new NodePermission(scene.Domid, access));

    private static async Task<IXenStore> OwnerAsync(Scene scene)
    {
        var guest = await scene.GuestAsync();
        await scene.WriteAsync("a", "1");
        await scene.Client.SetPermissionsAsync(scene.At("a"), new NodePermissions(new NodePermission(scene.Domid, NodeAccess.None)));
        return guest;
    }

    private static string Named(Scene scene, NodePermissions permissions) =>
        permissions.ToString().Replace($"{scene.Domid}", "GUEST", StringComparison.Ordinal);
}
