using Actors.XenStore.Protocol;

namespace Actors.Peers.Conformance;

internal static class ControlCases
{
    private const string Area = "Control commands and optional requests";
    private const string AcceptsAll = "oxenstored accepts every command";

    public static IReadOnlyList<Case> All =>
    [
        Lines("the quotas and their values", new(
            "nodes 1000, watches 128, transactions 10, outstanding 20, transaction-nodes 1024, memory 2621440, node-size 2048, path-max 2048, permissions 5",
            "OK|", AcceptsAll), "quota"),
        Lines("the soft quota", new("memory 2097152", "OK|", AcceptsAll), "quota-soft"),
        Control("the usage of an unknown domain", new("ENOENT", "dom4999 quota: not set|", "oxenstored has its own format"), "quota", "4999"),
        Control("a quota is set", "OK|", "quota", "set", "outstanding", "20"),
        Control("a quota is set to zero", Rejected, "quota", "set", "nodes", "0"),
        Control("a quota is set to a negative number", Rejected, "quota", "set", "nodes", "-5"),
        Control("an unknown quota is set", Rejected, "quota", "set", "unknown", "5"),
        Control("an unknown soft quota is set", Rejected, "quota-soft", "set", "nodes", "5"),
        Control("the log is switched off", "OK|", "log", "off"),
        Control("the log is switched to an unknown state", Rejected, "log", "maybe"),
        Control("a memory report without a log file", Rejected, "memreport"),
        Control("check", "OK|", "check"),
        Control("check with an argument", Rejected, "check", "this"),
        Control("print without a text", Rejected, "print"),
        Control("live-update without an argument", new("EINVAL", "Unknown arguments: ", "oxenstored replies with a text"), "live-update"),
        .. new[] { (23, "GET_FEATURE"), (24, "SET_FEATURE"), (25, "GET_QUOTA"), (26, "SET_QUOTA") }.Select(optional =>
            new Case(Area, $"{optional.Item2} (type {optional.Item1})", "ENOSYS", context => context.RequestAsync((MessageType)optional.Item1, "\0"))),
        new(Area, "a watch with a depth", "EINVAL", context => context.RequestAsync(MessageType.Watch, "/case-absent\0t\01\0")),
    ];

    private static Expectation Rejected => new("EINVAL", "OK|", AcceptsAll);

    /// <summary>Returns the names and values of a reply with one quota per line.</summary>
    private static Case Lines(string name, Expectation seen, params string[] command) => new(Area, name, seen, async context =>
    {
        var reply = await context.RequestAsync(MessageType.Control, string.Concat(command.Select(part => part + "\0")));
        var lines = reply.Split('\n').Where(line => line.Contains(" :", StringComparison.Ordinal) || line.Contains("nodes:", StringComparison.Ordinal));
        var values = lines.Select(line => line.Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries)).Select(words => $"{words[0]} {words[1]}");
        return reply.Contains('\n', StringComparison.Ordinal) ? string.Join(", ", values) : reply;
    });

    private static Case Control(string name, Expectation seen, params string[] command) =>
        new(Area, name, seen, context => context.RequestAsync(MessageType.Control, string.Concat(command.Select(part => part + "\0"))));
}
