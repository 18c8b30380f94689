using Actors.XenStore;
using Actors.XenStore.Protocol;

namespace Actors.Fuzz.Targets;

/// <summary>
/// The decoder of the xenstore wire protocol. However a stream is split, the same messages must result, and only a payload that is
/// announced as too long may be rejected.
/// </summary>
internal sealed class WireTarget : IFuzzTarget
{
    public string Name => "wire";

    public IReadOnlyList<byte[]> Seeds { get; } = [Stream(1), Stream(5), Stream(20)];

    public IReadOnlyList<byte[]> Tokens { get; } = [Stream(1), BitConverter.GetBytes(Wire.PayloadMax), BitConverter.GetBytes(Wire.PayloadMax + 1), [0]];

    public int Run(byte[] input)
    {
        var whole = Decode(input, input.Length, 16 * 1024);
        var step = 1 + (input.Length > 0 ? input[0] : 0);
        var parts = Decode(input, step, capacity: 1);
        return whole == parts
            ? HashCode.Combine(whole.Messages, int.Log2(whole.Bytes + 1), whole.IsRejected)
            : throw new InvalidOperationException($"Read at once: {whole}. In parts of {step} bytes: {parts}.");
    }

    private static (int Messages, int Bytes, int Hash, bool IsRejected) Decode(byte[] input, int step, int capacity)
    {
        var decoder = new MessageDecoder(capacity: capacity);
        var (messages, bytes, hash) = (0, 0, 0);
        try
        {
            for (var at = 0; at < input.Length;)
            {
                var space = decoder.FreeSpace().Span;
                var count = Math.Min(Math.Min(space.Length, step), input.Length - at);
                input.AsSpan(at, count).CopyTo(space);
                decoder.Received(count);
                at += count;
                while (decoder.TryRead(out var message))
                {
                    messages++;
                    bytes += message.Payload.Length;
                    var code = new HashCode();
                    code.AddBytes(message.Payload);
                    hash = HashCode.Combine(hash, message.Type, message.RequestId, message.TransactionId, code.ToHashCode());
                }
            }
            return (messages, bytes, hash, false);
        }
        catch (XenStoreProtocolException)
        {
            return (messages, bytes, hash, true);
        }
    }

    private static byte[] Stream(int messages)
    {
        var encoder = new MessageEncoder();
        for (var i = 0; i < messages; i++)
            encoder.Add((MessageType)(i % 23), (uint)i, (uint)(i % 3), new byte[i * 7]);
        return encoder.Pending.ToArray();
    }
}
