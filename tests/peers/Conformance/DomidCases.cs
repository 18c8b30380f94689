using Actors.XenStore.Protocol;

namespace Actors.Peers.Conformance;

/// <summary>The ways to write a domid. xenstored reads it with atoi or strtoul, and the embedded store accepts only decimal digits up to 65535.</summary>
internal static class DomidCases
{
    private const string Area = "Ways to write a domid";
    private const string Strict = "this is not a domid";
    private const string NoCheck = "oxenstored does not check whether the domain exists";
    private static readonly string[] Texts = ["07", "+7", " 7", "7 ", "-7", "0x7", "7x", "", "x", "65536", "99999999999", "4294967303", "18446744073709551616"];

    public static IReadOnlyList<Case> All => [.. Paths, .. Permissions, .. Targets, .. Resumptions];

    private static IEnumerable<Case> Paths => Texts.Select(text => new Case(Area, $"GET_DOMAIN_PATH \"{text}\"", Path(text), context =>
        context.RequestAsync(MessageType.GetDomainPath, $"{text}\0")));

    private static IEnumerable<Case> Permissions => Texts.Select(text => new Case(Area, $"SET_PERMS \"r{text}\"", Permission(text), context =>
    {
        var raw = context.Raw();
        raw.Call(MessageType.Write, $"{context.Root}\0v");
        var reply = raw.Call(MessageType.SetPermissions, $"{context.Root}\0n0\0r{text}\0");
        return Task.FromResult(reply == "OK|" ? raw.Call(MessageType.GetPermissions, $"{context.Root}\0") : reply);
    }));

    private static IEnumerable<Case> Targets => Texts.Append("0").Select(text => new Case(Area, $"SET_TARGET to \"{text}\"", Target(text), async context =>
    {
        await context.GuestAsync();
        return context.Raw().Call(MessageType.SetTarget, $"{context.Domid}\0{text}\0");
    }));

    private static IEnumerable<Case> Resumptions => new[] { "-7", "x", "99999999999" }.Select(text => new Case(Area, $"RESUME \"{text}\"", Resumption(text), context =>
        context.RequestAsync(MessageType.Resume, $"{text}\0")));

    private static Expectation Path(string text) => text switch
    {
        "07" => "/local/domain/7|",
        "+7" or " 7" or "7 " or "7x" => Differs("/local/domain/7|"),
        "-7" => Differs("/local/domain/4294967289|", "/local/domain/7|"),
        "4294967303" => Differs("/local/domain/7|", "/local/domain/4294967303|"),
        "0x7" or "" or "x" => Differs("/local/domain/0|"),
        "65536" => Differs("/local/domain/65536|"),
        "99999999999" => Differs("/local/domain/1215752191|", "/local/domain/99999999999|"),
        _ => Differs("/local/domain/4294967295|", "/local/domain/0|"),
    };

    private static Expectation Permission(string text) => text switch
    {
        "07" => "n0|r7|",
        "" or "x" or "7x" or "7 " => "EINVAL",
        "+7" or "0x7" => Differs("n0|r7|"),
        " 7" => Differs("n0|r7|", "EINVAL"),
        "4294967303" => Differs("n0|r7|", "n0|r4294967303|"),
        "-7" => Differs("n0|r-7|", "n0|r9223372036854775801|"),
        "65536" => Differs("n0|r65536|"),
        "99999999999" => Differs("n0|r1215752191|", "n0|r99999999999|"),
        _ => Differs("n0|r-1|", "EINVAL"),
    };

    private static Expectation Target(string text) => text switch
    {
        "0" => "OK|",
        "07" => new Expectation("ENOENT", "OK|", NoCheck),
        "0x7" or "" or "x" => new Expectation("OK|", Embedded: "EINVAL", WhyEmbedded: "the daemons read this as dom0, and the guest gets its rights"),
        _ => new Expectation("ENOENT", "OK|", NoCheck, "EINVAL", Strict),
    };

    private static Expectation Resumption(string text) =>
        text == "x" ? "EINVAL" : new Expectation("ENOENT", "EINVAL", "oxenstored reports every failure of these requests as EINVAL", "EINVAL", Strict);

    private static Expectation Differs(string xenstored, string? oxenstored = null) =>
        new(xenstored, oxenstored, oxenstored is null ? null : "oxenstored has another integer type", "EINVAL", Strict);
}
