namespace Actors.XenStore.Protocol;

/// <summary>One message. Its payload lies in the decoder's buffer and is valid only until more bytes are received.</summary>
internal readonly ref struct Message(MessageType type, uint requestId, uint transactionId, ReadOnlySpan<byte> payload)
{
    public MessageType Type { get; } = type;

    /// <summary>The number that the client chose and the reply repeats. It is 0 in a watch event.</summary>
    public uint RequestId { get; } = requestId;

    /// <summary>The number of the transaction. It is 0 outside of transactions.</summary>
    public uint TransactionId { get; } = transactionId;

    public ReadOnlySpan<byte> Payload { get; } = payload;
}
