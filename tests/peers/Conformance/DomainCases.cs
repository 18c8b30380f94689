using Actors.XenStore;
using Actors.XenStore.Protocol;
using static Actors.Peers.Conformance.Scene;

namespace Actors.Peers.Conformance;

internal static class DomainCases
{
    private const string Area = "Domains";

    public static IReadOnlyList<Case> All =>
    [
        new(Area, "the home of a domain, known or not", "/local/domain/N", async scene =>
            (await scene.Client.GetDomainPathAsync(scene.Domid)).Replace($"{scene.Domid}", "N", StringComparison.Ordinal)),
        new(Area, "whether a domain is introduced, before and after", "False True", async scene =>
        {
            var before = await scene.Client.IsDomainIntroducedAsync(scene.Domid);
            await scene.GuestAsync();
            return $"{before} {await scene.Client.IsDomainIntroducedAsync(scene.Domid)}";
        }),
        new(Area, "dom0 is introduced", "True", async scene => $"{await scene.Client.IsDomainIntroducedAsync(0)}"),
        new(Area, "introducing fires @introduceDomain, without a domid", "@introduceDomain", async scene =>
        {
            var events = await scene.WatchAsync("@introduceDomain");
            await scene.GuestAsync();
            return await scene.EventsAsync(events);
        }),
        new(Area, "introducing a domain again", "OK", async scene =>
        {
            await scene.GuestAsync();
            return await OutcomeAsync(() => scene.Client.IntroduceAsync(scene.Domid, 1, 15));
        }),
        new(Area, "releasing a domain that was never introduced", new("ENOENT", "EINVAL", "oxenstored names every failure of these requests EINVAL"), scene => OutcomeAsync(() => scene.Client.ReleaseAsync(scene.Domid))),
        new(Area, "releasing fires @releaseDomain, and the domain is unknown", "@releaseDomain, introduced False", async scene =>
        {
            await scene.GuestAsync();
            var events = await scene.WatchAsync("@releaseDomain");
            await scene.Client.ReleaseAsync(scene.Domid);
            return $"{await scene.EventsAsync(events)}, introduced {await scene.Client.IsDomainIntroducedAsync(scene.Domid)}";
        }),
        new(Area, "a domain that shuts down fires @releaseDomain, and stays introduced", "@releaseDomain, introduced True", async scene =>
        {
            await scene.GuestAsync();
            var events = await scene.WatchAsync("@releaseDomain");
            scene.Store.Shutdown(scene.Domid);
            var fired = await events.NextAsync();
            return $"{fired.Path}, introduced {await scene.Client.IsDomainIntroducedAsync(scene.Domid)}";
        }),
        new(Area, "a domain that dies fires @releaseDomain, and its nodes go with it", "@releaseDomain, ENOENT", async scene =>
        {
            var guest = await scene.GuestAsync();
            await scene.WriteAsync("a");
            await scene.Client.SetPermissionsAsync(scene.At("a"), new NodePermissions(new NodePermission(scene.Domid, NodeAccess.None)));
            await guest.WriteTextAsync(scene.At("a/b"), "1");
            var events = await scene.WatchAsync("@releaseDomain");
            await scene.Store.DestroyAsync(scene.Domid);
            var fired = await events.NextAsync();
            return $"{fired.Path}, {await scene.ReadAsync("a/b")}";
        }),
        new(Area, "resuming a domain that was never introduced", new("ENOENT", "EINVAL", "oxenstored names every failure of these requests EINVAL"), scene => OutcomeAsync(() => scene.Client.ResumeAsync(scene.Domid))),
        new(Area, "resuming a domain", "OK", async scene =>
        {
            await scene.GuestAsync();
            return await OutcomeAsync(() => scene.Client.ResumeAsync(scene.Domid));
        }),
        new(Area, "a target for a domain that was never introduced", "ENOENT", scene => OutcomeAsync(() => scene.Client.SetTargetAsync(scene.Domid, 0))),
        new(Area, "a domain has the rights of its target", "EACCES before, \"1\" after", async scene =>
        {
            var model = await scene.GuestAsync();
            await scene.Store.AddGuestAsync(scene.Domid + 1000);
            await scene.WriteAsync("a", "1");
            await scene.Client.SetPermissionsAsync(scene.At("a"), new NodePermissions(new NodePermission(scene.Domid + 1000, NodeAccess.None)));
            var before = await ValueAsync(() => model.ReadAsync(scene.At("a")));
            await scene.Client.SetTargetAsync(scene.Domid, scene.Domid + 1000);
            return $"{before} before, {await ValueAsync(() => model.ReadAsync(scene.At("a")))} after";
        }),
        new(Area, "resetting watches silences them", "OK|, silence", scene =>
        {
            var raw = scene.Raw();
            raw.Ask(MessageType.Watch, $"{scene.Root}\0t\0");
            raw.Receive();
            raw.Ask(MessageType.ResetWatches, "\0");
            return Task.FromResult($"{raw.Ask(MessageType.MakeDirectory, $"{scene.Root}\0")}, {raw.Receive()}");
        }),
        new(Area, "a malformed domid", "/local/domain/0|", scene => scene.AskAsync(MessageType.GetDomainPath, "one\0")),
    ];
}
