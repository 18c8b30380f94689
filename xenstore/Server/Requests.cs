using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Actors.XenStore.Embedded;
using Actors.XenStore.Protocol;

namespace Actors.XenStore.Server;

/// <summary>Executes requests from the wire, with the checks in the order of C xenstored. Runs on one thread with the store locked.</summary>
internal sealed class Requests : IDisposable
{
    private const MessageType RemovedRestrict = (MessageType)20;

    private readonly AccessLog _log = new();
    private readonly ControlRequests _control;
    private readonly char[] _path = new char[Wire.PayloadMax + 32];
    private readonly EmbeddedXenStore _store;

    public Requests(EmbeddedXenStore store)
    {
        _store = store;
        _control = new ControlRequests(store, _log);
    }

    /// <summary>Executes a request and replies after the events that it caused.</summary>
    public void Answer(Request request)
    {
        if (Execute(request) is not { } error)
            return;
        request.Fail(error);
        _log.Reject(request, error);
    }

    public void Dispose() => _log.Dispose();

    private XenStoreError? Execute(Request request)
    {
        if (request.Type > MessageType.DirectoryPart
            || request.Type is MessageType.WatchEvent or MessageType.Error or RemovedRestrict)
            return XenStoreError.NotImplemented;
        if (IsForDom0(request.Type) && request.Session.Domain.IsGuest)
            return XenStoreError.AccessDenied;
        // Watches do not belong to transactions, whatever the header says.
        if (request.Type is MessageType.Watch)
            return Watch(request);
        if (request.Type is MessageType.Unwatch)
            return Unwatch(request);
        NodeView view = _store.Nodes;
        if (request.TransactionId != 0)
        {
            if (!request.Session.Transactions.TryGetValue(request.TransactionId, out var transaction))
                return XenStoreError.NotFound;
            view = transaction;
        }
        return Execute(request, view);
    }

    private static bool IsForDom0(MessageType type) => type
        is MessageType.Control or MessageType.Introduce or MessageType.Release or MessageType.IsDomainIntroduced
        or MessageType.Resume or MessageType.SetTarget;

    private XenStoreError? Execute(Request request, NodeView view) => request.Type switch
    {
        MessageType.Read => Find(request, view, out var node) ?? request.Reply(node.Value),
        MessageType.Write => Write(request, view),
        MessageType.Directory => Find(request, view, out var node) ?? request.Reply(node.Children.Bytes),
        MessageType.DirectoryPart => DirectoryPart(request, view),
        MessageType.GetPermissions => Find(request, view, out var node) ?? request.Reply(PermissionFormat.ToBytes(node.Permissions)),
        MessageType.SetPermissions => SetPermissions(request, view),
        MessageType.MakeDirectory => request.TryGetOnly(out var text)
            ? request.Done(NodeOperations.MakeDirectory(request.Session, view, PathOf(request, text)))
            : XenStoreError.Invalid,
        MessageType.Remove => request.TryGetOnly(out var text)
            ? request.Done(NodeOperations.Remove(request.Session, view, PathOf(request, text)))
            : XenStoreError.Invalid,
        MessageType.TransactionStart => TransactionStart(request),
        MessageType.TransactionEnd => TransactionEnd(request),
        MessageType.ResetWatches => ResetWatches(request),
        MessageType.Control => _control.Answer(request),
        _ => DomainRequests.Answer(request, _store),
    };

    private XenStoreError? Find(Request request, NodeView view, out Node node)
    {
        node = null!;
        return request.TryGetOnly(out var text)
            ? NodeOperations.Find(request.Session, view, PathOf(request, text), NodeAccess.Read, out node)
            : XenStoreError.Invalid;
    }

    private XenStoreError? Write(Request request, NodeView view)
    {
        var reader = new PayloadReader(request.Payload);
        return reader.TryRead(out var text)
            ? request.Done(NodeOperations.Write(request.Session, view, PathOf(request, text), reader.Rest.ToArray()))
            : XenStoreError.Invalid;
    }

    /// <summary>Reads the path and the offset. The reply has the node's generation, whole names from the offset on, and an empty name after the last one.</summary>
    private XenStoreError? DirectoryPart(Request request, NodeView view)
    {
        if (!request.TryGetTwo(out var text, out var offset))
            return XenStoreError.Invalid;
        if (NodeOperations.Find(request.Session, view, PathOf(request, text), NodeAccess.Read, out var node) is { } error)
            return error;
        Span<byte> reply = stackalloc byte[Wire.PayloadMax];
        node.Generation.TryFormat(reply, out var length, provider: CultureInfo.InvariantCulture);
        reply[length++] = 0;
        var names = node.Children.Bytes;
        // As in C, an offset that is not a number is 0, and an offset behind the end results in an empty list.
        var at = Utf8Parser.TryParse(offset, out int number, out _) ? number : 0;
        var rest = at >= 0 && at < names.Length ? names[at..] : [];
        // One byte is reserved for the empty name that marks the end.
        var room = Wire.PayloadMax - length - 1;
        var part = rest.Length <= room ? rest : rest[..(rest[..room].LastIndexOf((byte)0) + 1)];
        part.CopyTo(reply[length..]);
        length += part.Length;
        if (part.Length == rest.Length)
            reply[length++] = 0;
        return request.Reply(reply[..length]);
    }

    private XenStoreError? SetPermissions(Request request, NodeView view)
    {
        // C xenstored ignores the bytes after the last NUL.
        var reader = new PayloadReader(request.Payload[..(request.Payload.LastIndexOf((byte)0) + 1)]);
        return reader.TryRead(out var text) && PermissionFormat.TryParse(reader.Rest, out var permissions)
            ? request.Done(NodeOperations.SetPermissions(request.Session, view, _store.Domains, PathOf(request, text), permissions))
            : XenStoreError.Invalid;
    }

    private XenStoreError? Watch(Request request)
    {
        if (!request.TryGetTwo(out var path, out var token))
            return XenStoreError.Invalid;
        var error = _store.Watches.Add(
            request.Session, Encoding.Latin1.GetString(path), Encoding.Latin1.GetString(token), out var watch);
        error = request.Done(error);
        watch?.Fire(watch.Path);
        return error;
    }

    private XenStoreError? Unwatch(Request request) => request.TryGetTwo(out var path, out var token)
        ? request.Done(_store.Watches.Remove(request.Session, Encoding.Latin1.GetString(path), Encoding.Latin1.GetString(token)))
        : XenStoreError.Invalid;

    private XenStoreError? TransactionStart(Request request)
    {
        if (request.TransactionId != 0)
            return XenStoreError.Busy;
        if (TransactionOperations.Begin(_store, request.Session, out var id) is { } error)
            return error;
        Span<byte> reply = stackalloc byte[16];
        id.TryFormat(reply, out var length, provider: CultureInfo.InvariantCulture);
        reply[length++] = 0;
        return request.Reply(reply[..length]);
    }

    private static XenStoreError? TransactionEnd(Request request) => request.TryGetOnly(out var text) && text is [(byte)'T' or (byte)'F']
        ? request.Done(TransactionOperations.End(request.Session, request.TransactionId, text[0] == 'T'))
        : XenStoreError.Invalid;

    private XenStoreError? ResetWatches(Request request)
    {
        _store.Reset(request.Session);
        return request.Done();
    }

    /// <summary>Returns the absolute path as characters. The result is valid until the next call.</summary>
    private ReadOnlySpan<char> PathOf(Request request, ReadOnlySpan<byte> text)
    {
        var home = 0;
        if (text is not [(byte)'/' or (byte)'@', ..])
        {
            request.Session.Home.CopyTo(_path);
            home = request.Session.Home.Length;
            _path[home++] = '/';
        }
        return _path.AsSpan(0, home + Encoding.Latin1.GetChars(text, _path.AsSpan(home)));
    }
}
