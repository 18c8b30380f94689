using Actors.XenStore;
using Actors.XenStore.Protocol;
using static Actors.Peers.Conformance.Scene;

namespace Actors.Peers.Conformance;

internal static class TransactionCases
{
    private const string Area = "Transactions";

    public static IReadOnlyList<Case> All =>
    [
        new(Area, "what is written in one is not seen outside before the commit", "inside \"new\", outside \"old\"", async scene =>
        {
            await scene.WriteAsync("a", "old");
            await using var transaction = await scene.Client.BeginTransactionAsync();
            await transaction.WriteTextAsync(scene.At("a"), "new");
            return $"inside {await ValueAsync(() => transaction.ReadAsync(scene.At("a")))}, outside {await scene.ReadAsync("a")}";
        }),
        new(Area, "an aborted one leaves nothing", "ENOENT", async scene =>
        {
            await using (var transaction = await scene.Client.BeginTransactionAsync())
                await transaction.WriteTextAsync(scene.At("a"), "1");
            return await scene.ReadAsync("a");
        }),
        new(Area, "one begun in another", "EBUSY", scene =>
        {
            var raw = scene.Raw();
            return Task.FromResult(raw.Ask(MessageType.TransactionStart, "\0", Begin(raw)));
        }),
        new(Area, "a request in one that was never begun", new("ENOENT", "EIO", "the same refusal by another name"), scene => Task.FromResult(scene.Raw().Ask(MessageType.Read, "/\0", 9999))),
        new(Area, "the end of one that was never begun", new("ENOENT", "EIO", "the same refusal by another name"), scene => Task.FromResult(scene.Raw().Ask(MessageType.TransactionEnd, "T\0", 9999))),
        new(Area, "one of another connection", new("ENOENT", "EIO", "the same refusal by another name"), scene =>
        {
            var (mine, other) = (scene.Raw(), scene.Raw());
            var transaction = Begin(mine);
            return Task.FromResult(other.Ask(MessageType.Read, "/\0", transaction));
        }),
        new(Area, "an end that is neither T nor F, and a good one after it", "EINVAL, OK|", scene =>
        {
            var raw = scene.Raw();
            var transaction = Begin(raw);
            return Task.FromResult($"{raw.Ask(MessageType.TransactionEnd, "X\0", transaction)}, {raw.Ask(MessageType.TransactionEnd, "T\0", transaction)}");
        }),
        new(Area, "what was read in it is written outside", new("EAGAIN", "commits", "xenstored fails whatever was read or written and has changed; oxenstored carries the operations out again, and fails if one is answered otherwise"), scene => ConflictAsync(scene, "a", inside => inside.ReadAsync(scene.At("a")).AsTask())),
        new(Area, "what was read in it is written outside, with the value that it has", new("EAGAIN", "commits", "xenstored fails whatever was read or written and has changed; oxenstored carries the operations out again, and fails if one is answered otherwise"), scene =>
            ConflictAsync(scene, "a", inside => inside.ReadAsync(scene.At("a")).AsTask(), "1")),
        new(Area, "what was read in one that writes elsewhere is written outside", "EAGAIN", scene =>
            ConflictAsync(scene, "a", inside => CopyAsync(scene, inside))),
        new(Area, "what was read in one that writes elsewhere is written outside, with the value that it has", new("EAGAIN", "commits", "xenstored fails whatever was read or written and has changed; oxenstored carries the operations out again, and fails if one is answered otherwise"), scene =>
            ConflictAsync(scene, "a", inside => CopyAsync(scene, inside), "1")),
        new(Area, "what was written in it is written outside", new("EAGAIN", "commits", "xenstored fails whatever was read or written and has changed; oxenstored carries the operations out again, and fails if one is answered otherwise"), scene =>
            ConflictAsync(scene, "a", inside => inside.WriteTextAsync(scene.At("a"), "3").AsTask())),
        new(Area, "another node is written outside", "commits", scene => ConflictAsync(scene, "b", inside => inside.WriteTextAsync(scene.At("a"), "3").AsTask())),
        new(Area, "a node that was absent when it was read is made outside", new("EAGAIN", "commits", "xenstored fails whatever was read or written and has changed; oxenstored carries the operations out again, and fails if one is answered otherwise"), scene =>
            ConflictAsync(scene, "c", inside => inside.TryReadAsync(scene.At("c")).AsTask())),
        new(Area, "a listed node gets a child outside", new("EAGAIN", "commits", "xenstored fails whatever was read or written and has changed; oxenstored carries the operations out again, and fails if one is answered otherwise"), scene =>
            ConflictAsync(scene, "a/d", inside => inside.ListAsync(scene.At("a")).AsTask())),
        new(Area, "two siblings are made, one inside and one outside", new("EAGAIN", "commits", "xenstored fails whatever was read or written and has changed; oxenstored carries the operations out again, and fails if one is answered otherwise"), scene =>
            ConflictAsync(scene, "a/e", inside => inside.WriteTextAsync(scene.At("a/f"), "1").AsTask())),
        new(Area, "the events of a commit that wrote a node twice", new("1 events", "2 events", "xenstored fires once for each changed node, oxenstored once for each operation"), async scene =>
        {
            await scene.WriteAsync("a", "1");
            var raw = scene.Raw();
            raw.Ask(MessageType.Watch, $"{scene.Root}\0t\0");
            raw.Receive();
            await scene.Client.RunTransactionAsync(async transaction =>
            {
                await transaction.WriteTextAsync(scene.At("a"), "2");
                await transaction.WriteTextAsync(scene.At("a"), "3");
            });
            var count = 0;
            while (raw.Receive().StartsWith("event", StringComparison.Ordinal))
                count++;
            return $"{count} events";
        }),
        new(Area, "the events of an aborted one", "nothing", async scene =>
        {
            var events = await scene.WatchAsync(scene.Root);
            await using (var transaction = await scene.Client.BeginTransactionAsync())
                await transaction.WriteTextAsync(scene.At("a"), "1");
            await scene.ReadAsync("a");
            return await scene.EventsAsync(events);
        }),
        new(Area, "a node is made and removed in it", "ENOENT", async scene =>
        {
            await scene.Client.RunTransactionAsync(async transaction =>
            {
                await transaction.WriteTextAsync(scene.At("a/b"), "1");
                await transaction.RemoveAsync(scene.At("a"));
            });
            return await scene.ReadAsync("a/b");
        }),
    ];

    private static uint Begin(RawConnection raw) => uint.Parse(raw.Ask(MessageType.TransactionStart, "\0").TrimEnd('|'));

    private static async Task CopyAsync(Scene scene, IXenStoreTransaction inside) =>
        await inside.WriteAsync(scene.At("copy"), await inside.ReadAsync(scene.At("a")));

    private static async Task<string> ConflictAsync(Scene scene, string outside, Func<IXenStoreTransaction, Task> inside, string value = "2")
    {
        await scene.WriteAsync("a", "1");
        await scene.WriteAsync("b", "1");
        await using var transaction = await scene.Client.BeginTransactionAsync();
        await inside(transaction);
        await scene.WriteAsync(outside, value);
        return await transaction.CommitAsync() ? "commits" : "EAGAIN";
    }
}
