using Actors.XenStore;
using static Actors.Peers.Conformance.CaseContext;

namespace Actors.Peers.Conformance;

internal static class PermissionCases
{
    private const string Area = "Permissions";

    public static IReadOnlyList<Case> All =>
    [
        new(Area, "a node that dom0 creates", "n0", async context =>
        {
            await context.WriteAsync("a");
            return $"{await context.Client.GetPermissionsAsync(context.At("a"))}";
        }),
        new(Area, "a node inherits the permissions of its parent", "n0,rGUEST", async context =>
        {
            await context.GuestAsync();
            await context.WriteAsync("a");
            await context.Client.SetPermissionsAsync(context.At("a"), Guest(context, NodeAccess.Read));
            await context.WriteAsync("a/b");
            return Named(context, await context.Client.GetPermissionsAsync(context.At("a/b")));
        }),
        new(Area, "dom0 gives read permission to a domain that does not exist", "OK", async context =>
        {
            await context.WriteAsync("a");
            return await OutcomeAsync(() => context.Client.SetPermissionsAsync(context.At("a"), Guest(context, NodeAccess.Read)));
        }),
        new(Area, "dom0 gives a node to a domain that does not exist", new("ENOENT", "OK", "oxenstored does not check whether the domain exists"), async context =>
        {
            await context.WriteAsync("a");
            return await OutcomeAsync(() =>
                context.Client.SetPermissionsAsync(context.At("a"), new NodePermissions(new NodePermission(context.Domid, NodeAccess.None))));
        }),
        new(Area, "permissions of an absent node", "ENOENT", context => OutcomeAsync(async () => await context.Client.GetPermissionsAsync(context.At("a")))),
        new(Area, "setting permissions of an absent node", "ENOENT", context =>
            OutcomeAsync(() => context.Client.SetPermissionsAsync(context.At("a"), new NodePermissions(new NodePermission(0, NodeAccess.None))))),
        new(Area, "a guest reads a node of dom0", "EACCES", async context =>
        {
            var guest = await context.GuestAsync();
            await context.WriteAsync("a", "1");
            return await ValueAsync(() => guest.ReadAsync(context.At("a")));
        }),
        new(Area, "a guest reads a node that it may read", "\"1\"", async context =>
        {
            var guest = await context.GuestAsync();
            await context.WriteAsync("a", "1");
            await context.Client.SetPermissionsAsync(context.At("a"), Guest(context, NodeAccess.Read));
            return await ValueAsync(() => guest.ReadAsync(context.At("a")));
        }),
        new(Area, "a guest writes a node that it may read", "EACCES", async context =>
        {
            var guest = await context.GuestAsync();
            await context.WriteAsync("a", "1");
            await context.Client.SetPermissionsAsync(context.At("a"), Guest(context, NodeAccess.Read));
            return await OutcomeAsync(() => guest.WriteTextAsync(context.At("a"), "2"));
        }),
        new(Area, "a guest reads a node that it may write", "EACCES", async context =>
        {
            var guest = await context.GuestAsync();
            await context.WriteAsync("a", "1");
            await context.Client.SetPermissionsAsync(context.At("a"), Guest(context, NodeAccess.Write));
            return await ValueAsync(() => guest.ReadAsync(context.At("a")));
        }),
        new(Area, "a guest lists a node of dom0", "EACCES", async context =>
        {
            var guest = await context.GuestAsync();
            await context.WriteAsync("a", "1");
            return await OutcomeAsync(async () => await guest.ListAsync(context.Root));
        }),
        new(Area, "a guest reads an absent node below a node that it may not read", new("EACCES", "ENOENT", "oxenstored reveals to a guest that a node is absent; xenstored does not"), async context =>
        {
            var guest = await context.GuestAsync();
            await context.WriteAsync("a", "1");
            return await ValueAsync(() => guest.ReadAsync(context.At("a/absent")));
        }),
        new(Area, "a guest creates a node without permission", "EACCES", async context =>
        {
            var guest = await context.GuestAsync();
            await context.WriteAsync("a", "1");
            return await OutcomeAsync(() => guest.WriteTextAsync(context.At("a/b"), "2"));
        }),
        new(Area, "a guest creates a node: who owns it", new("nGUEST,bGUEST", "n0,bGUEST", "in xenstored the creator owns the node; in oxenstored the owner of the parent does"), async context =>
        {
            var guest = await context.GuestAsync();
            await context.WriteAsync("a");
            await context.Client.SetPermissionsAsync(context.At("a"), Guest(context, NodeAccess.Both));
            await guest.WriteTextAsync(context.At("a/b"), "1");
            return Named(context, await context.Client.GetPermissionsAsync(context.At("a/b")));
        }),
        new(Area, "a guest sets the permissions of its own node", "OK", async context =>
        {
            var guest = await OwnerAsync(context);
            return await OutcomeAsync(() => guest.SetPermissionsAsync(context.At("a"), new NodePermissions(new NodePermission(context.Domid, NodeAccess.Read))));
        }),
        new(Area, "a guest gives its own node away", new("EPERM", "EACCES", "the same rejection with another name"), async context =>
        {
            var guest = await OwnerAsync(context);
            return await OutcomeAsync(() => guest.SetPermissionsAsync(context.At("a"), new NodePermissions(new NodePermission(0, NodeAccess.None))));
        }),
        new(Area, "a guest sets the permissions of a node that it may write", "EACCES", async context =>
        {
            var guest = await context.GuestAsync();
            await context.WriteAsync("a");
            await context.Client.SetPermissionsAsync(context.At("a"), Guest(context, NodeAccess.Both));
            return await OutcomeAsync(() => guest.SetPermissionsAsync(context.At("a"), Guest(context, NodeAccess.Both)));
        }),
        new(Area, "a guest removes a node that it owns", "OK", async context =>
        {
            var guest = await OwnerAsync(context);
            return await OutcomeAsync(() => guest.RemoveAsync(context.At("a")));
        }),
        new(Area, "a guest introduces a domain", "EACCES", async context =>
        {
            var guest = await context.GuestAsync();
            return await OutcomeAsync(() => guest.IntroduceAsync(context.Domid + 1000, 1, 15));
        }),
        new(Area, "a guest releases a domain", "EACCES", async context =>
        {
            var guest = await context.GuestAsync();
            return await OutcomeAsync(() => guest.ReleaseAsync(context.Domid));
        }),
        new(Area, "dom0 reads a node on which it has no entry", "\"1\"", async context =>
        {
            await OwnerAsync(context);
            return await ValueAsync(() => context.Client.ReadAsync(context.At("a")));
        }),
    ];

    private static NodePermissions Guest(CaseContext context, NodeAccess access) =>
        new(new NodePermission(0, NodeAccess.None), new NodePermission(context.Domid, access));

    private static async Task<IXenStore> OwnerAsync(CaseContext context)
    {
        var guest = await context.GuestAsync();
        await context.WriteAsync("a", "1");
        await context.Client.SetPermissionsAsync(context.At("a"), new NodePermissions(new NodePermission(context.Domid, NodeAccess.None)));
        return guest;
    }

    private static string Named(CaseContext context, NodePermissions permissions) =>
        permissions.ToString().Replace($"{context.Domid}", "GUEST", StringComparison.Ordinal);
}
