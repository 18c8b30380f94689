using System.Globalization;
using System.Text;
using Actors.XenStore.Embedded;
using Actors.XenStore.Protocol;

namespace Actors.XenStore.Server;

/// <summary>
/// The control commands (<c>xenstore-control</c>) of C xenstored, except <c>live-update</c>, which an embedded store does not support.
/// The caller must hold the lock.
/// </summary>
internal sealed class ControlRequests(EmbeddedXenStore store, AccessLog log)
{
    private const string Help =
        "check\t\nlog\ton|off\nlogfile\t<file>\nmemreport\t[<file>]\nprint\t<string>\nquota\t[set <name> <val>|<domid>]\n"
        + "quota-soft\t[set <name> <val>]\nhelp\t\n";

    public XenStoreError? Answer(Request request)
    {
        var arguments = new List<string>();
        var reader = new PayloadReader(request.Payload);
        while (reader.TryRead(out var argument))
            arguments.Add(Encoding.UTF8.GetString(argument));
        return arguments switch
        {
            ["check"] => request.Done(),
            ["help"] => Text(request, Help),
            ["log", "on" or "off"] => Switch(request, arguments[1] == "on"),
            ["logfile", var file] => request.Done(log.Open(file) ? null : XenStoreError.Invalid),
            ["memreport"] => request.Done(log.HasFile ? log.Write(MemoryReport.Of(store)) : XenStoreError.Invalid),
            ["memreport", var file] => request.Done(AccessLog.TryWrite(file, MemoryReport.Of(store)) ? null : XenStoreError.Invalid),
            ["print", var text] => request.Done(log.Write($"control: {Printable.Escape(text)}")),
            ["quota"] => Text(request, QuotaNames.Format(store.Domains.Quota)),
            ["quota", "set", var name, var value] => request.Done(QuotaNames.TrySet(store.Domains.Quota, name, value)),
            ["quota", var domid] => Usage(request, domid),
            ["quota-soft"] => Text(request, QuotaNames.FormatSoft(store.Domains.Quota)),
            ["quota-soft", "set", var name, var value] => request.Done(QuotaNames.TrySetSoft(store.Domains.Quota, name, value)),
            _ => XenStoreError.Invalid,
        };
    }

    private XenStoreError? Switch(Request request, bool isOn)
    {
        log.IsOn = isOn;
        return request.Done();
    }

    private XenStoreError? Usage(Request request, string domid)
    {
        if (!Domids.TryParse(Encoding.UTF8.GetBytes(domid), out var number))
            return XenStoreError.Invalid;
        if (store.Domains.Find(number) is not { } domain)
            return XenStoreError.NotFound;
        return Text(request, $"""
            Domain {number}:
            {Line("nodes", domain.Nodes)}
            {Line("watches", domain.Watches)}
            {Line("transactions", domain.Sessions.Sum(session => session.Transactions.Count))}
            {Line("outstanding", 0)}
            {Line("memory", domain.Memory)}

            """);
    }

    private static string Line(string name, long value) => string.Create(CultureInfo.InvariantCulture, $"{name,-16}: {value,8}");

    private static XenStoreError? Text(Request request, string text) => request.Reply(Encoding.UTF8.GetBytes(text + '\0'));
}
