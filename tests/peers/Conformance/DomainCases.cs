using Actors.XenStore;
using Actors.XenStore.Protocol;
using static Actors.Peers.Conformance.CaseContext;

namespace Actors.Peers.Conformance;

internal static class DomainCases
{
    private const string Area = "Domains";

    public static IReadOnlyList<Case> All =>
    [
        new(Area, "the home of any domain", "/local/domain/N", async context =>
            (await context.Client.GetDomainPathAsync(context.Domid)).Replace($"{context.Domid}", "N", StringComparison.Ordinal)),
        new(Area, "whether a domain is introduced, before and after", "False True", async context =>
        {
            var before = await context.Client.IsDomainIntroducedAsync(context.Domid);
            await context.GuestAsync();
            return $"{before} {await context.Client.IsDomainIntroducedAsync(context.Domid)}";
        }),
        new(Area, "dom0 is introduced", "True", async context => $"{await context.Client.IsDomainIntroducedAsync(0)}"),
        new(Area, "introducing fires @introduceDomain, without a domid", "@introduceDomain", async context =>
        {
            var events = await context.WatchAsync("@introduceDomain");
            await context.GuestAsync();
            return await context.EventsAsync(events);
        }),
        new(Area, "introducing a domain again", "OK", async context =>
        {
            await context.GuestAsync();
            return await OutcomeAsync(() => context.Client.IntroduceAsync(context.Domid, 1, 15));
        }),
        new(Area, "releasing a domain that was never introduced", new("ENOENT", "EINVAL", "oxenstored reports every failure of these requests as EINVAL"), context => OutcomeAsync(() => context.Client.ReleaseAsync(context.Domid))),
        new(Area, "releasing a domain fires @releaseDomain, and the domain is no longer introduced", "@releaseDomain, introduced False", async context =>
        {
            await context.GuestAsync();
            var events = await context.WatchAsync("@releaseDomain");
            await context.Client.ReleaseAsync(context.Domid);
            return $"{await context.EventsAsync(events)}, introduced {await context.Client.IsDomainIntroducedAsync(context.Domid)}";
        }),
        new(Area, "a domain that shuts down fires @releaseDomain, and stays introduced", "@releaseDomain, introduced True", async context =>
        {
            await context.GuestAsync();
            var events = await context.WatchAsync("@releaseDomain");
            context.Store.Shutdown(context.Domid);
            var fired = await events.NextAsync();
            return $"{fired.Path}, introduced {await context.Client.IsDomainIntroducedAsync(context.Domid)}";
        }),
        new(Area, "a domain that dies fires @releaseDomain, and its nodes are removed", "@releaseDomain, ENOENT", async context =>
        {
            var guest = await context.GuestAsync();
            await context.WriteAsync("a");
            await context.Client.SetPermissionsAsync(context.At("a"), new NodePermissions(new NodePermission(context.Domid, NodeAccess.None)));
            await guest.WriteTextAsync(context.At("a/b"), "1");
            var events = await context.WatchAsync("@releaseDomain");
            await context.Store.DestroyAsync(context.Domid);
            var fired = await events.NextAsync();
            return $"{fired.Path}, {await context.ReadAsync("a/b")}";
        }),
        new(Area, "resuming a domain that was never introduced", new("ENOENT", "EINVAL", "oxenstored reports every failure of these requests as EINVAL"), context => OutcomeAsync(() => context.Client.ResumeAsync(context.Domid))),
        new(Area, "resuming a domain", "OK", async context =>
        {
            await context.GuestAsync();
            return await OutcomeAsync(() => context.Client.ResumeAsync(context.Domid));
        }),
        new(Area, "a target for a domain that was never introduced", "ENOENT", context => OutcomeAsync(() => context.Client.SetTargetAsync(context.Domid, 0))),
        new(Area, "a domain has the rights of its target", "EACCES before, \"1\" after", async context =>
        {
            var model = await context.GuestAsync();
            await context.Store.AddGuestAsync(context.Domid + 1000);
            await context.WriteAsync("a", "1");
            await context.Client.SetPermissionsAsync(context.At("a"), new NodePermissions(new NodePermission(context.Domid + 1000, NodeAccess.None)));
            var before = await ValueAsync(() => model.ReadAsync(context.At("a")));
            await context.Client.SetTargetAsync(context.Domid, context.Domid + 1000);
            return $"{before} before, {await ValueAsync(() => model.ReadAsync(context.At("a")))} after";
        }),
        new(Area, "after a reset no watch fires", "OK|, silence", context =>
        {
            var raw = context.Raw();
            raw.Call(MessageType.Watch, $"{context.Root}\0t\0");
            raw.Receive();
            raw.Call(MessageType.ResetWatches, "\0");
            return Task.FromResult($"{raw.Call(MessageType.MakeDirectory, $"{context.Root}\0")}, {raw.Receive()}");
        }),
        new(Area, "the event and the reply of a connection's own release", new("reply first", "event first", "oxenstored always sends the event first, and xenstored does if other connections were opened between the caller's and the domain's"), async context =>
        {
            // The domain is introduced last, so it is the next connection after the caller's in xenstored's list.
            var raw = context.Raw();
            raw.Call(MessageType.Watch, "@releaseDomain\0t\0");
            raw.Receive();
            await context.GuestAsync();
            var first = raw.Call(MessageType.Release, $"{context.Domid}\0");
            return first.StartsWith("event", StringComparison.Ordinal) ? "event first" : "reply first";
        }),
        new(Area, "the event and the reply of a connection's own introduction", "event first", context =>
        {
            var raw = context.Raw();
            raw.Call(MessageType.Watch, "@introduceDomain\0t\0");
            raw.Receive();
            context.Store.AddDomain(context.Domid);
            var first = raw.Call(MessageType.Introduce, $"{context.Domid}\01\015\0");
            raw.Receive();
            return Task.FromResult(first.StartsWith("event", StringComparison.Ordinal) ? "event first" : "reply first");
        }),
    ];
}
