using System.Buffers.Text;
using System.Text;
using Actors.XenStore.Embedded;
using Actors.XenStore.Protocol;

namespace Actors.XenStore.Server;

/// <summary>Answers the requests about domains. A text that is not a domid is <c>EINVAL</c>.</summary>
internal static class DomainRequests
{
    public static XenStoreError? Answer(Request request, EmbeddedXenStore store) => request.Type switch
    {
        MessageType.Introduce => Introduce(request, store),
        MessageType.SetTarget => SetTarget(request, store),
        _ => request.TryGetOnly(out var text) && Domids.TryParse(text, out var domid)
            ? Answer(request, store, domid)
            : XenStoreError.Invalid,
    };

    private static XenStoreError? Answer(Request request, EmbeddedXenStore store, int domid) => request.Type switch
    {
        MessageType.GetDomainPath => request.Reply(Encoding.ASCII.GetBytes($"{PathRules.HomeOf(domid)}\0")),
        MessageType.IsDomainIntroduced =>
            store.IsIntroduced(domid, out var isIntroduced) ?? request.Reply(isIntroduced ? "T\0"u8 : "F\0"u8),
        MessageType.Release => Release(request, store, domid),
        MessageType.Resume => request.Done(store.Resume(domid)),
        _ => XenStoreError.NotImplemented,
    };

    /// <summary>
    /// Replies before the events of the release. C xenstored does so too if the domain is the next connection after the caller's in
    /// its list, as it is when a toolstack releases the domain that it introduced last.
    /// </summary>
    private static XenStoreError? Release(Request request, EmbeddedXenStore store, int domid)
    {
        if (store.CheckRelease(domid) is { } error)
            return error;
        request.Done();
        return store.Release(domid);
    }

    /// <summary>Reads the domid, the frame of its ring page and its event channel. The frame is not needed, because the page has a fixed grant.</summary>
    private static XenStoreError? Introduce(Request request, EmbeddedXenStore store)
    {
        var reader = new PayloadReader(request.Payload);
        return reader.TryRead(out var domid) && reader.TryRead(out _) && reader.TryRead(out var port)
            && Domids.TryParse(domid, out var number)
            && Utf8Parser.TryParse(port, out uint eventChannel, out var used) && used == port.Length
                ? request.Done(store.Introduce(number, eventChannel))
                : XenStoreError.Invalid;
    }

    private static XenStoreError? SetTarget(Request request, EmbeddedXenStore store)
    {
        var reader = new PayloadReader(request.Payload);
        return reader.TryRead(out var text) && reader.TryRead(out var other)
            && Domids.TryParse(text, out var domid) && Domids.TryParse(other, out var target)
                ? request.Done(store.SetTarget(domid, target))
                : XenStoreError.Invalid;
    }
}
