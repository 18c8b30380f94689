using System.Globalization;
using System.Text;
using Actors.XenStore.Embedded;
using Actors.XenStore.Protocol;

namespace Actors.XenStore.Server;

/// <summary>
/// The control commands (<c>xenstore-control</c>) of C xenstored that make sense for an embedded store.
/// </summary>
internal static class ControlRequests
{
    private const string Help = "check\t\nprint\t<string>\nquota\t[<domid>]\nhelp\t\n";

    public static XenStoreError? Answer(Request request, EmbeddedXenStore store)
    {
        var words = new List<string>();
        var reader = new PayloadReader(request.Payload);
        while (reader.TryRead(out var word))
            words.Add(Encoding.Latin1.GetString(word));
        return words switch
        {
            ["check"] => request.Done(),
            ["help"] => Text(request, Help),
            ["print", var text] => Print(request, text),
            ["quota"] => Text(request, Limits),
            ["quota", var domid] => Usage(request, store, domid),
            _ => XenStoreError.Invalid,
        };
    }

    private static string Limits => $"""
        Quota settings:
        {Line("nodes", GuestQuota.Nodes)}
        {Line("watches", GuestQuota.Watches)}
        {Line("transactions", GuestQuota.Transactions)}
        {Line("transaction-nodes", GuestQuota.TransactionNodes)}
        {Line("node-size", GuestQuota.NodeSize)}
        {Line("path-max", Wire.RelativePathMax)}
        {Line("permissions", GuestQuota.Permissions)}

        """;

    private static XenStoreError? Print(Request request, string text)
    {
        Console.Error.WriteLine($"xenstore control: {text}");
        return request.Done();
    }

    private static XenStoreError? Usage(Request request, EmbeddedXenStore store, string domid)
    {
        if (!int.TryParse(domid, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || store.Domains.Find(number) is not { } domain)
            return XenStoreError.NotFound;
        return Text(request, $"""
            Domain {number}:
            {Line("nodes", domain.Nodes)}
            {Line("watches", domain.Watches)}
            {Line("transactions", domain.Sessions.Sum(session => session.Transactions.Count))}

            """);
    }

    private static string Line(string name, int value) => string.Create(CultureInfo.InvariantCulture, $"{name,-17}: {value,8}");

    private static XenStoreError? Text(Request request, string text) => request.Reply(Encoding.Latin1.GetBytes(text + '\0'));
}
