using Actors.XenStore.Protocol;

namespace Actors.Peers.Conformance;

internal static class WireCases
{
    private const string Area = "Wire";

    public static IReadOnlyList<Case> All =>
    [
        new(Area, "the reply carries the request's id and transaction", "id 77, the transaction", context =>
        {
            var raw = context.Raw();
            var transaction = uint.Parse(raw.Call(MessageType.TransactionStart, "\0").TrimEnd('|'));
            raw.Send(MessageType.Read, "/\0", requestId: 77, transaction);
            raw.Receive();
            return Task.FromResult($"id {raw.LastRequestId}, {(raw.LastTransaction == transaction ? "the transaction" : "another transaction")}");
        }),
        new(Area, "a success without data", "OK|", context => context.RequestAsync(MessageType.MakeDirectory, $"{context.Root}\0")),
        new(Area, "replies to requests in flight have their order", "ENOENT 1 ENOENT 2 ENOENT 3", context =>
        {
            var raw = context.Raw();
            for (uint id = 1; id <= 3; id++)
                raw.Send(MessageType.Read, "/case-absent\0", requestId: id);
            return Task.FromResult(string.Join(' ', Enumerable.Range(0, 3).Select(_ => $"{raw.Receive()} {raw.LastRequestId}")));
        }),
        new(Area, "an unknown type", "ENOSYS", context => context.RequestAsync((MessageType)0xffff, "\0")),
        new(Area, "a removed type (RESTRICT)", "ENOSYS", context => context.RequestAsync((MessageType)20, "\0")),
        new(Area, "a watch event sent by a client", "ENOSYS", context => context.RequestAsync(MessageType.WatchEvent, "/a\0t\0")),
        new(Area, "a path without its NUL", "EINVAL", context => context.RequestAsync(MessageType.Write, "/")),
        new(Area, "a watch without its token", "EINVAL", context => context.RequestAsync(MessageType.Watch, "/\0")),
        new(Area, "one string too many", "EINVAL", context => context.RequestAsync(MessageType.Unwatch, "/\0t\0x\0")),
        new(Area, "an empty path", "EINVAL", context => context.RequestAsync(MessageType.Read, "\0")),
        new(Area, "an empty payload", new("a transaction", "silence", "oxenstored waits for more bytes, so a client must send at least one NUL"), context => context.RequestAsync(MessageType.TransactionStart, "").ContinueWith(
            answer => answer.Result is "silence" or "EINVAL" ? answer.Result : "a transaction", TaskScheduler.Default)),
        new(Area, "a payload of 4096 bytes", new("OK|", "E2BIG", "oxenstored's quota-maxsize also applies to dom0"), context => context.RequestAsync(MessageType.Write, $"{context.Root}\0{new string('v', 4095 - context.Root.Length)}")),
        new(Area, "a payload announced as 4097 bytes", new("closed", "silence", "xenstored closes the connection; oxenstored stops replying on it"), context =>
        {
            var raw = context.Raw();
            raw.Send(MessageType.Write, new string('x', 16), length: 4097);
            return Task.FromResult(raw.Receive());
        }),
        new(Area, "a directory that does not fit in one reply", new("E2BIG", "the whole directory in one reply", "oxenstored exceeds the protocol's limit of 4096 bytes"), async context =>
        {
            await Task.WhenAll(Enumerable.Range(0, 600).Select(i => context.WriteAsync($"child-{i}")));
            var answer = await context.RequestAsync(MessageType.Directory, $"{context.Root}\0");
            return answer.Length > 10 ? "the whole directory in one reply" : answer;
        }),
        new(Area, "a directory in parts", new("GENERATION|a|b||", "ENOSYS", "oxenstored does not support the request and does not need it, see above"), async context =>
        {
            await context.WriteAsync("a");
            await context.WriteAsync("b");
            var answer = await context.RequestAsync(MessageType.DirectoryPart, $"{context.Root}\00\0");
            var generation = answer.IndexOf('|', StringComparison.Ordinal);
            return generation < 0 ? answer : $"GENERATION{answer[generation..]}";
        }),
        new(Area, "the generation of a directory changes when a child is added, not when a child is written", new("stays, then changes", "ENOSYS", "oxenstored does not support the request"), async context =>
        {
            await context.WriteAsync("a");
            var generations = new List<string>();
            foreach (var act in (Func<Task>[])[() => Task.CompletedTask, () => context.WriteAsync("a", "v"), () => context.WriteAsync("b")])
            {
                await act();
                generations.Add((await context.RequestAsync(MessageType.DirectoryPart, $"{context.Root}\00\0")).Split('|')[0]);
            }
            return generations[0] == "ENOSYS" ? "ENOSYS" : $"{(generations[0] == generations[1] ? "stays" : "changes")}, then {(generations[1] == generations[2] ? "stays" : "changes")}";
        }),
        new(Area, "an unknown control command", new("EINVAL", "OK|", "oxenstored accepts every command"), context => context.RequestAsync(MessageType.Control, "no-such-command\0")),
    ];
}
