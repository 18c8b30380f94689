using System.Text;
using Actors.XenStore.Embedded;
using Actors.XenStore.Protocol;

namespace Actors.XenStore.Server;

/// <summary>Answers the requests about domains.</summary>
internal static class DomainRequests
{
    /// <summary>The domid that stands for the caller's own domain (<c>DOMID_SELF</c>, xen/xen.h).</summary>
    private const int Self = EmbeddedXenStore.FirstReservedDomid;

    public static XenStoreError? Answer(Request request, EmbeddedXenStore store) => request.Type switch
    {
        MessageType.Introduce => Introduce(request, store),
        MessageType.SetTarget => SetTarget(request, store),
        _ => request.TryGetOnly(out var text) ? Answer(request, store, Request.Number(text)) : XenStoreError.Invalid,
    };

    private static XenStoreError? Answer(Request request, EmbeddedXenStore store, int domid) => request.Type switch
    {
        MessageType.GetDomainPath => request.Reply(Encoding.ASCII.GetBytes($"{PathRules.HomeOf(unchecked((uint)domid))}\0")),
        MessageType.IsDomainIntroduced =>
            request.Reply(domid == Self || store.Domains.FindIntroduced(domid) is not null ? "T\0"u8 : "F\0"u8),
        MessageType.Release => request.Done(store.Release(domid)),
        MessageType.Resume => request.Done(store.Resume(domid)),
        _ => XenStoreError.NotImplemented,
    };

    /// <summary>Reads the domid, the frame of its ring page and its event channel. The frame is not needed, because the page has a fixed grant.</summary>
    private static XenStoreError? Introduce(Request request, EmbeddedXenStore store)
    {
        var reader = new PayloadReader(request.Payload);
        if (!reader.TryRead(out var domid) || !reader.TryRead(out _) || !reader.TryRead(out var eventChannel))
            return XenStoreError.Invalid;
        return request.Done(store.Introduce(Request.Number(domid), (uint)Math.Max(0, Request.Number(eventChannel))));
    }

    private static XenStoreError? SetTarget(Request request, EmbeddedXenStore store)
    {
        var reader = new PayloadReader(request.Payload);
        if (!reader.TryRead(out var domid) || !reader.TryRead(out var target))
            return XenStoreError.Invalid;
        return request.Done(store.SetTarget(Request.Number(domid), Request.Number(target)));
    }
}
