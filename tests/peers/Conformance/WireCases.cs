using Actors.XenStore.Protocol;

namespace Actors.Peers.Conformance;

internal static class WireCases
{
    private const string Area = "Wire";

    public static IReadOnlyList<Case> All =>
    [
        new(Area, "the reply carries the request's id and transaction", "id 77, the transaction", scene =>
        {
            var raw = scene.Raw();
            var transaction = uint.Parse(raw.Ask(MessageType.TransactionStart, "\0").TrimEnd('|'));
            raw.Send(MessageType.Read, "/\0", requestId: 77, transaction);
            raw.Receive();
            return Task.FromResult($"id {raw.LastRequestId}, {(raw.LastTransaction == transaction ? "the transaction" : "another transaction")}");
        }),
        new(Area, "a success that has nothing to tell", "OK|", scene => scene.AskAsync(MessageType.MakeDirectory, $"{scene.Root}\0")),
        new(Area, "requests in flight are answered in order", "ENOENT 1 ENOENT 2 ENOENT 3", scene =>
        {
            var raw = scene.Raw();
            for (uint id = 1; id <= 3; id++)
                raw.Send(MessageType.Read, "/case-absent\0", requestId: id);
            return Task.FromResult(string.Join(' ', Enumerable.Range(0, 3).Select(_ => $"{raw.Receive()} {raw.LastRequestId}")));
        }),
        new(Area, "an unknown type", "ENOSYS", scene => scene.AskAsync((MessageType)0xffff, "\0")),
        new(Area, "a removed type (RESTRICT)", "ENOSYS", scene => scene.AskAsync((MessageType)20, "\0")),
        new(Area, "a watch event sent by a client", "ENOSYS", scene => scene.AskAsync(MessageType.WatchEvent, "/a\0t\0")),
        new(Area, "a path without its NUL", "EINVAL", scene => scene.AskAsync(MessageType.Write, "/")),
        new(Area, "a watch without its token", "EINVAL", scene => scene.AskAsync(MessageType.Watch, "/\0")),
        new(Area, "a string too many", "EINVAL", scene => scene.AskAsync(MessageType.Unwatch, "/\0t\0x\0")),
        new(Area, "an empty path", "EINVAL", scene => scene.AskAsync(MessageType.Read, "\0")),
        new(Area, "an empty payload", new("a transaction", "silence", "oxenstored waits for more bytes; so a client sends one NUL at the least"), scene => scene.AskAsync(MessageType.TransactionStart, "").ContinueWith(
            answer => answer.Result is "silence" or "EINVAL" ? answer.Result : "a transaction", TaskScheduler.Default)),
        new(Area, "a payload of 4096 bytes", new("OK|", "E2BIG", "oxenstored's quota-maxsize holds for dom0 too"), scene => scene.AskAsync(MessageType.Write, $"{scene.Root}\0{new string('v', 4095 - scene.Root.Length)}")),
        new(Area, "a payload that is announced as 4097 bytes", new("closed", "silence", "xenstored hangs up; oxenstored stops answering that connection"), scene =>
        {
            var raw = scene.Raw();
            raw.Send(MessageType.Write, new string('x', 16), length: 4097);
            return Task.FromResult(raw.Receive());
        }),
        new(Area, "a directory that does not fit in one reply", new("E2BIG", "all of it in one reply", "oxenstored breaks the protocol's limit of 4096 bytes in what it sends"), async scene =>
        {
            await Task.WhenAll(Enumerable.Range(0, 600).Select(i => scene.WriteAsync($"child-{i}")));
            var answer = await scene.AskAsync(MessageType.Directory, $"{scene.Root}\0");
            return answer.Length > 10 ? "all of it in one reply" : answer;
        }),
        new(Area, "a directory in parts", new("GENERATION|a|b||", "ENOSYS", "oxenstored does not know the request; it needs none, see above"), async scene =>
        {
            await scene.WriteAsync("a");
            await scene.WriteAsync("b");
            var answer = await scene.AskAsync(MessageType.DirectoryPart, $"{scene.Root}\00\0");
            var generation = answer.IndexOf('|', StringComparison.Ordinal);
            return generation < 0 ? answer : $"GENERATION{answer[generation..]}";
        }),
        new(Area, "a directory's generation changes when a child comes, and not when one is written", new("stays, then changes", "ENOSYS", "oxenstored does not know the request"), async scene =>
        {
            await scene.WriteAsync("a");
            var generations = new List<string>();
            foreach (var act in (Func<Task>[])[() => Task.CompletedTask, () => scene.WriteAsync("a", "v"), () => scene.WriteAsync("b")])
            {
                await act();
                generations.Add((await scene.AskAsync(MessageType.DirectoryPart, $"{scene.Root}\00\0")).Split('|')[0]);
            }
            return generations[0] == "ENOSYS" ? "ENOSYS" : $"{(generations[0] == generations[1] ? "stays" : "changes")}, then {(generations[1] == generations[2] ? "stays" : "changes")}";
        }),
        new(Area, "a control command that is unknown", new("EINVAL", "OK|", "oxenstored answers every command"), scene => scene.AskAsync(MessageType.Control, "no-such-command\0")),
    ];
}
