using Actors.XenStore;
using Actors.XenStore.Protocol;

namespace Actors.Peers.Conformance;

internal static class WatchCases
{
    private const string Area = "Watches";

    public static IReadOnlyList<Case> All =>
    [
        new(Area, "a new watch fires once, after its OK, even for an absent node", "OK|, event /case-absent|t|, silence", context =>
        {
            var raw = context.Raw();
            return Task.FromResult($"{raw.Call(MessageType.Watch, "/case-absent\0t\0")}, {raw.Receive()}, {raw.Receive()}");
        }),
        new(Area, "the same watch again", "EEXIST", context =>
        {
            var raw = context.Raw();
            raw.Call(MessageType.Watch, "/case-absent\0t\0");
            raw.Receive();
            return Task.FromResult(raw.Call(MessageType.Watch, "/case-absent\0t\0"));
        }),
        new(Area, "removing a watch that does not exist", "ENOENT", context => context.RequestAsync(MessageType.Unwatch, "/case-absent\0t\0")),
        new(Area, "watching a path with a forbidden character", "EINVAL", context => context.RequestAsync(MessageType.Watch, "/a:b\0t\0")),
        new(Area, "a removed watch no longer fires", "OK|, silence", context =>
        {
            var raw = context.Raw();
            raw.Call(MessageType.Watch, $"{context.Root}\0t\0");
            raw.Receive();
            raw.Call(MessageType.Unwatch, $"{context.Root}\0t\0");
            return Task.FromResult($"{raw.Call(MessageType.MakeDirectory, $"{context.Root}\0")}, {raw.Receive()}");
        }),
        new(Area, "a write, the same value again, and a value below", "…/a …/a/b", async context =>
        {
            await context.WriteAsync("a", "1");
            var events = await context.WatchAsync(context.At("a"));
            await context.WriteAsync("a", "1");
            await context.WriteAsync("a/b", "1");
            return await context.EventsAsync(events);
        }),
        new(Area, "the creation of a node", "…/a/b", context => AfterAsync(context, () => context.Client.MakeDirectoryAsync(context.At("a/b")))),
        new(Area, "the creation of a node that exists", "nothing", async context =>
        {
            await context.WriteAsync("a/b");
            return await AfterAsync(context, () => context.Client.MakeDirectoryAsync(context.At("a/b")));
        }),
        new(Area, "a change of permissions", "…/a/b", async context =>
        {
            await context.WriteAsync("a/b");
            return await AfterAsync(context, () =>
                context.Client.SetPermissionsAsync(context.At("a/b"), new NodePermissions(new NodePermission(0, NodeAccess.Read))));
        }),
        new(Area, "the removal of a node with children", "…/a", async context =>
        {
            await context.WriteAsync("a/b/c");
            return await AfterAsync(context, () => context.Client.RemoveAsync(context.At("a")));
        }),
        new(Area, "the removal of an ancestor", "…/a/b/c", async context =>
        {
            await context.WriteAsync("a/b/c");
            var events = await context.WatchAsync(context.At("a/b/c"));
            await context.Client.RemoveAsync(context.At("a"));
            return await context.EventsAsync(events);
        }),
        new(Area, "the removal of an absent leaf", "nothing", async context =>
        {
            await context.WriteAsync("b");
            return await AfterAsync(context, () => context.Client.RemoveAsync(context.At("a")));
        }),
        new(Area, "a change of a sibling whose name has the same prefix", "nothing", async context =>
        {
            var events = await context.WatchAsync(context.At("a"));
            await context.WriteAsync("ab");
            return await context.EventsAsync(events);
        }),
        new(Area, "a relative watch has relative events", "case-N/a", async context =>
        {
            var events = await context.WatchAsync($"case-{context.Domid}");
            await context.Client.WriteTextAsync($"/local/domain/0/case-{context.Domid}/a", "1");
            return (await context.EventsAsync(events)).Replace($"{context.Domid}", "N", StringComparison.Ordinal);
        }),
        new(Area, "the event and the reply of a connection's own write", new("event first", "reply first", "each daemon has its own order; a client must accept both"), context => OrderAsync(context, raw => raw.Call(MessageType.Write, $"{context.Root}/a\01"))),
        new(Area, "the event and the reply of a connection's own commit", "event first", context => OrderAsync(context, raw =>
        {
            var transaction = uint.Parse(raw.Call(MessageType.TransactionStart, "\0").TrimEnd('|'));
            raw.Call(MessageType.Write, $"{context.Root}/a\01", transaction);
            return raw.Call(MessageType.TransactionEnd, "T\0", transaction);
        })),
        new(Area, "events that are not read", "equal events are sent once", async context =>
        {
            var raw = context.Raw();
            raw.Call(MessageType.Watch, $"{context.Root}\0t\0");
            raw.Receive();
            await Task.WhenAll(Enumerable.Range(0, 1500).Select(_ => context.WriteAsync("a", "1")));
            var count = 0;
            while (raw.Receive().StartsWith("event", StringComparison.Ordinal))
                count++;
            return count == 1500 ? "one event for each change" : "equal events are sent once";
        }),
        new(Area, "a guest watches a node that it may not read", "nothing", async context =>
        {
            var guest = await context.GuestAsync();
            var events = await context.WatchAsync(context.Root, guest);
            await context.WriteAsync("a", "1");
            return await context.EventsAsync(events, guest);
        }),
        new(Area, "a guest watches a node that it may read", "…/a", async context =>
        {
            var guest = await context.GuestAsync();
            await context.WriteAsync("a", "1");
            await context.Client.SetPermissionsAsync(
                context.At("a"), new NodePermissions(new NodePermission(0, NodeAccess.None), new NodePermission(context.Domid, NodeAccess.Read)));
            var events = await context.WatchAsync(context.Root, guest);
            await context.WriteAsync("a", "2");
            return await context.EventsAsync(events, guest);
        }),
    ];

    private static async Task<string> AfterAsync(CaseContext context, Func<ValueTask> act)
    {
        var events = await context.WatchAsync(context.Root);
        await act();
        return await context.EventsAsync(events);
    }

    private static Task<string> OrderAsync(CaseContext context, Func<RawConnection, string> act)
    {
        var raw = context.Raw();
        raw.Call(MessageType.Watch, $"{context.Root}\0t\0");
        raw.Receive();
        var first = act(raw);
        raw.Receive();
        return Task.FromResult(first.StartsWith("event", StringComparison.Ordinal) ? "event first" : "reply first");
    }
}
