namespace Actors.XenStore.Protocol;

/// <summary>One message. Its payload lies in the decoder's buffer, and is gone when more bytes are received.</summary>
internal readonly ref struct Message(MessageType type, uint requestId, uint transactionId, ReadOnlySpan<byte> payload)
{
    public MessageType Type { get; } = type;

    /// <summary>Chosen by the client and echoed in the reply; 0 in a watch event.</summary>
    public uint RequestId { get; } = requestId;

    /// <summary>0 outside of transactions.</summary>
    public uint TransactionId { get; } = transactionId;

    public ReadOnlySpan<byte> Payload { get; } = payload;
}
