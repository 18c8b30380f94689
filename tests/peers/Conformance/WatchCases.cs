using Actors.XenStore;
using Actors.XenStore.Protocol;

namespace Actors.Peers.Conformance;

internal static class WatchCases
{
    private const string Area = "Watches";

    public static IReadOnlyList<Case> All =>
    [
        new(Area, "a new watch fires once, after its OK, even of an absent node", "OK|, event /case-absent|t|, silence", scene =>
        {
            var raw = scene.Raw();
            return Task.FromResult($"{raw.Ask(MessageType.Watch, "/case-absent\0t\0")}, {raw.Receive()}, {raw.Receive()}");
        }),
        new(Area, "the same watch again", "EEXIST", scene =>
        {
            var raw = scene.Raw();
            raw.Ask(MessageType.Watch, "/case-absent\0t\0");
            raw.Receive();
            return Task.FromResult(raw.Ask(MessageType.Watch, "/case-absent\0t\0"));
        }),
        new(Area, "removing a watch that is not there", "ENOENT", scene => scene.AskAsync(MessageType.Unwatch, "/case-absent\0t\0")),
        new(Area, "watching a path with a forbidden character", "EINVAL", scene => scene.AskAsync(MessageType.Watch, "/a:b\0t\0")),
        new(Area, "a removed watch is silent", "OK|, silence", scene =>
        {
            var raw = scene.Raw();
            raw.Ask(MessageType.Watch, $"{scene.Root}\0t\0");
            raw.Receive();
            raw.Ask(MessageType.Unwatch, $"{scene.Root}\0t\0");
            return Task.FromResult($"{raw.Ask(MessageType.MakeDirectory, $"{scene.Root}\0")}, {raw.Receive()}");
        }),
        new(Area, "a write, the same value again, and a value below", "…/a …/a/b", async scene =>
        {
            await scene.WriteAsync("a", "1");
            var events = await scene.WatchAsync(scene.At("a"));
            await scene.WriteAsync("a", "1");
            await scene.WriteAsync("a/b", "1");
            return await scene.EventsAsync(events);
        }),
        new(Area, "the making of a node", "…/a/b", scene => AfterAsync(scene, () => scene.Client.MakeDirectoryAsync(scene.At("a/b")))),
        new(Area, "the making of a node that exists", "nothing", async scene =>
        {
            await scene.WriteAsync("a/b");
            return await AfterAsync(scene, () => scene.Client.MakeDirectoryAsync(scene.At("a/b")));
        }),
        new(Area, "a change of permissions", "…/a/b", async scene =>
        {
            await scene.WriteAsync("a/b");
            return await AfterAsync(scene, () =>
                scene.Client.SetPermissionsAsync(scene.At("a/b"), new NodePermissions(new NodePermission(0, NodeAccess.Read))));
        }),
        new(Area, "the removal of a node with children", "…/a", async scene =>
        {
            await scene.WriteAsync("a/b/c");
            return await AfterAsync(scene, () => scene.Client.RemoveAsync(scene.At("a")));
        }),
        new(Area, "the removal of an ancestor", "…/a/b/c", async scene =>
        {
            await scene.WriteAsync("a/b/c");
            var events = await scene.WatchAsync(scene.At("a/b/c"));
            await scene.Client.RemoveAsync(scene.At("a"));
            return await scene.EventsAsync(events);
        }),
        new(Area, "the removal of an absent leaf", "nothing", async scene =>
        {
            await scene.WriteAsync("b");
            return await AfterAsync(scene, () => scene.Client.RemoveAsync(scene.At("a")));
        }),
        new(Area, "a change of a sibling whose name begins alike", "nothing", async scene =>
        {
            var events = await scene.WatchAsync(scene.At("a"));
            await scene.WriteAsync("ab");
            return await scene.EventsAsync(events);
        }),
        new(Area, "a relative watch has relative events", "case-N/a", async scene =>
        {
            var events = await scene.WatchAsync($"case-{scene.Domid}");
            await scene.Client.WriteTextAsync($"/local/domain/0/case-{scene.Domid}/a", "1");
            return (await scene.EventsAsync(events)).Replace($"{scene.Domid}", "N", StringComparison.Ordinal);
        }),
        new(Area, "the event and the reply of one's own write", new("event first", "reply first", "each queues them in its own order; a client must take both"), scene => OrderAsync(scene, raw => raw.Ask(MessageType.Write, $"{scene.Root}/a\01"))),
        new(Area, "the event and the reply of one's own commit", "event first", scene => OrderAsync(scene, raw =>
        {
            var transaction = uint.Parse(raw.Ask(MessageType.TransactionStart, "\0").TrimEnd('|'));
            raw.Ask(MessageType.Write, $"{scene.Root}/a\01", transaction);
            return raw.Ask(MessageType.TransactionEnd, "T\0", transaction);
        })),
        new(Area, "events that nobody reads", "equal ones become one", async scene =>
        {
            var raw = scene.Raw();
            raw.Ask(MessageType.Watch, $"{scene.Root}\0t\0");
            raw.Receive();
            await Task.WhenAll(Enumerable.Range(0, 1500).Select(_ => scene.WriteAsync("a", "1")));
            var count = 0;
            while (raw.Receive().StartsWith("event", StringComparison.Ordinal))
                count++;
            return count == 1500 ? "one for each change" : "equal ones become one";
        }),
        new(Area, "a guest's watch of a node that it may not read", "nothing", async scene =>
        {
            var guest = await scene.GuestAsync();
            var events = await scene.WatchAsync(scene.Root, guest);
            await scene.WriteAsync("a", "1");
            return await scene.EventsAsync(events, guest);
        }),
        new(Area, "a guest's watch of a node that it may read", "…/a", async scene =>
        {
            var guest = await scene.GuestAsync();
            await scene.WriteAsync("a", "1");
            await scene.Client.SetPermissionsAsync(
                scene.At("a"), new NodePermissions(new NodePermission(0, NodeAccess.None), new NodePermission(scene.Domid, NodeAccess.Read)));
            var events = await scene.WatchAsync(scene.Root, guest);
            await scene.WriteAsync("a", "2");
            return await scene.EventsAsync(events, guest);
        }),
    ];

    private static async Task<string> AfterAsync(Scene scene, Func<ValueTask> act)
    {
        var events = await scene.WatchAsync(scene.Root);
        await act();
        return await scene.EventsAsync(events);
    }

    private static Task<string> OrderAsync(Scene scene, Func<RawConnection, string> act)
    {
        var raw = scene.Raw();
        raw.Ask(MessageType.Watch, $"{scene.Root}\0t\0");
        raw.Receive();
        var first = act(raw);
        raw.Receive();
        return Task.FromResult(first.StartsWith("event", StringComparison.Ordinal) ? "event first" : "reply first");
    }
}
