using Actors.XenStore;
using Actors.XenStore.Protocol;
using static Actors.Peers.Conformance.CaseContext;

namespace Actors.Peers.Conformance;

internal static class TransactionCases
{
    private const string Area = "Transactions";

    public static IReadOnlyList<Case> All =>
    [
        new(Area, "a write in a transaction is invisible outside before the commit", "inside \"new\", outside \"old\"", async context =>
        {
            await context.WriteAsync("a", "old");
            await using var transaction = await context.Client.BeginTransactionAsync();
            await transaction.WriteTextAsync(context.At("a"), "new");
            return $"inside {await ValueAsync(() => transaction.ReadAsync(context.At("a")))}, outside {await context.ReadAsync("a")}";
        }),
        new(Area, "an aborted transaction changes nothing", "ENOENT", async context =>
        {
            await using (var transaction = await context.Client.BeginTransactionAsync())
                await transaction.WriteTextAsync(context.At("a"), "1");
            return await context.ReadAsync("a");
        }),
        new(Area, "a transaction begun inside another one", "EBUSY", context =>
        {
            var raw = context.Raw();
            return Task.FromResult(raw.Call(MessageType.TransactionStart, "\0", Begin(raw)));
        }),
        new(Area, "a request in a transaction that was never begun", new("ENOENT", "EIO", "the same rejection with another name"), context => Task.FromResult(context.Raw().Call(MessageType.Read, "/\0", 9999))),
        new(Area, "the end of a transaction that was never begun", new("ENOENT", "EIO", "the same rejection with another name"), context => Task.FromResult(context.Raw().Call(MessageType.TransactionEnd, "T\0", 9999))),
        new(Area, "a transaction of another connection", new("ENOENT", "EIO", "the same rejection with another name"), context =>
        {
            var (mine, other) = (context.Raw(), context.Raw());
            var transaction = Begin(mine);
            return Task.FromResult(other.Call(MessageType.Read, "/\0", transaction));
        }),
        new(Area, "an end that is neither T nor F, and a valid end after it", "EINVAL, OK|", context =>
        {
            var raw = context.Raw();
            var transaction = Begin(raw);
            return Task.FromResult($"{raw.Call(MessageType.TransactionEnd, "X\0", transaction)}, {raw.Call(MessageType.TransactionEnd, "T\0", transaction)}");
        }),
        new(Area, "a node that was read is written outside", new("EAGAIN", "commits", "xenstored rejects the commit if any node that was read or written has changed; oxenstored repeats the operations and rejects the commit only if a reply differs"), context => ConflictAsync(context, "a", inside => inside.ReadAsync(context.At("a")).AsTask())),
        new(Area, "a node that was read is written outside, with the same value", new("EAGAIN", "commits", "xenstored rejects the commit if any node that was read or written has changed; oxenstored repeats the operations and rejects the commit only if a reply differs"), context =>
            ConflictAsync(context, "a", inside => inside.ReadAsync(context.At("a")).AsTask(), "1")),
        new(Area, "a node that was read, by a transaction that wrote another node, is written outside", "EAGAIN", context =>
            ConflictAsync(context, "a", inside => CopyAsync(context, inside))),
        new(Area, "a node that was read, by a transaction that wrote another node, is written outside with the same value", new("EAGAIN", "commits", "xenstored rejects the commit if any node that was read or written has changed; oxenstored repeats the operations and rejects the commit only if a reply differs"), context =>
            ConflictAsync(context, "a", inside => CopyAsync(context, inside), "1")),
        new(Area, "a node that was written is also written outside", new("EAGAIN", "commits", "xenstored rejects the commit if any node that was read or written has changed; oxenstored repeats the operations and rejects the commit only if a reply differs"), context =>
            ConflictAsync(context, "a", inside => inside.WriteTextAsync(context.At("a"), "3").AsTask())),
        new(Area, "another node is written outside", "commits", context => ConflictAsync(context, "b", inside => inside.WriteTextAsync(context.At("a"), "3").AsTask())),
        new(Area, "an absent node that was read is created outside", new("EAGAIN", "commits", "xenstored rejects the commit if any node that was read or written has changed; oxenstored repeats the operations and rejects the commit only if a reply differs"), context =>
            ConflictAsync(context, "c", inside => inside.TryReadAsync(context.At("c")).AsTask())),
        new(Area, "a node that was listed gets a child outside", new("EAGAIN", "commits", "xenstored rejects the commit if any node that was read or written has changed; oxenstored repeats the operations and rejects the commit only if a reply differs"), context =>
            ConflictAsync(context, "a/d", inside => inside.ListAsync(context.At("a")).AsTask())),
        new(Area, "two siblings are created, one inside and one outside", new("EAGAIN", "commits", "xenstored rejects the commit if any node that was read or written has changed; oxenstored repeats the operations and rejects the commit only if a reply differs"), context =>
            ConflictAsync(context, "a/e", inside => inside.WriteTextAsync(context.At("a/f"), "1").AsTask())),
        new(Area, "the events of a commit that wrote a node twice", new("1 events", "2 events", "xenstored fires once for each changed node, oxenstored once for each operation"), async context =>
        {
            await context.WriteAsync("a", "1");
            var raw = context.Raw();
            raw.Call(MessageType.Watch, $"{context.Root}\0t\0");
            raw.Receive();
            await context.Client.RunTransactionAsync(async transaction =>
            {
                await transaction.WriteTextAsync(context.At("a"), "2");
                await transaction.WriteTextAsync(context.At("a"), "3");
            });
            var count = 0;
            while (raw.Receive().StartsWith("event", StringComparison.Ordinal))
                count++;
            return $"{count} events";
        }),
        new(Area, "the events of an aborted transaction", "nothing", async context =>
        {
            var events = await context.WatchAsync(context.Root);
            await using (var transaction = await context.Client.BeginTransactionAsync())
                await transaction.WriteTextAsync(context.At("a"), "1");
            await context.ReadAsync("a");
            return await context.EventsAsync(events);
        }),
        new(Area, "a node is created and removed inside", "ENOENT", async context =>
        {
            await context.Client.RunTransactionAsync(async transaction =>
            {
                await transaction.WriteTextAsync(context.At("a/b"), "1");
                await transaction.RemoveAsync(context.At("a"));
            });
            return await context.ReadAsync("a/b");
        }),
    ];

    private static uint Begin(RawConnection raw) => uint.Parse(raw.Call(MessageType.TransactionStart, "\0").TrimEnd('|'));

    private static async Task CopyAsync(CaseContext context, IXenStoreTransaction inside) =>
        await inside.WriteAsync(context.At("copy"), await inside.ReadAsync(context.At("a")));

    private static async Task<string> ConflictAsync(CaseContext context, string outside, Func<IXenStoreTransaction, Task> inside, string value = "2")
    {
        await context.WriteAsync("a", "1");
        await context.WriteAsync("b", "1");
        await using var transaction = await context.Client.BeginTransactionAsync();
        await inside(transaction);
        await context.WriteAsync(outside, value);
        return await transaction.CommitAsync() ? "commits" : "EAGAIN";
    }
}
