using Actors.XenStore.Embedded;
using Actors.XenStore.Protocol;

namespace Actors.XenStore.Server;

/// <summary>A request of a client. Each method that answers it returns the error to send, or <see langword="null"/> if it has replied.</summary>
internal readonly ref struct Request(SocketClient client, Message message)
{
    private readonly Message _message = message;

    public Session Session => client.Session;

    public MessageType Type => _message.Type;

    public uint TransactionId => _message.TransactionId;

    public ReadOnlySpan<byte> Payload => _message.Payload;

    /// <summary>Reads a payload that must be one string: a NUL at its end and no other NUL.</summary>
    public bool TryGetOnly(out ReadOnlySpan<byte> text)
    {
        var reader = new PayloadReader(Payload);
        return reader.TryRead(out text) && reader.Rest.IsEmpty;
    }

    /// <summary>Reads a payload that must be two strings.</summary>
    public bool TryGetTwo(out ReadOnlySpan<byte> first, out ReadOnlySpan<byte> second)
    {
        second = default;
        var reader = new PayloadReader(Payload);
        return reader.TryRead(out first) && reader.TryRead(out second) && !reader.Rest.Contains((byte)0);
    }

    /// <summary>Replies with a payload if it fits in a message.</summary>
    public XenStoreError? Reply(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > Wire.PayloadMax)
            return XenStoreError.TooBig;
        Add(Type, payload);
        return null;
    }

    /// <summary>Replies with success if there was no error.</summary>
    public XenStoreError? Done(XenStoreError? error = null) => error ?? Reply(Wire.Ok);

    public void Fail(XenStoreError error) => Add(MessageType.Error, ErrorNames.PayloadOf(error));

    private void Add(MessageType type, ReadOnlySpan<byte> payload) =>
        client.Outgoing.Add(type, _message.RequestId, _message.TransactionId, payload);
}
