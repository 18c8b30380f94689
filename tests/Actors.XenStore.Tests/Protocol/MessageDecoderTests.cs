using Actors.XenStore.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace Actors.XenStore.Tests.Protocol;

public sealed class MessageDecoderTests
{
    private const int Mutations = 300_000;

    [Test]
    public void A_message_is_read_as_it_was_written()
    {
        var encoder = new MessageEncoder();
        encoder.Add(MessageType.Read, 7, 3, "/a/b\0"u8);
        var decoder = Received(encoder.Pending.Span);

        Assert.That(decoder.TryRead(out var message), Is.True);
        Assert.That((message.Type, message.RequestId, message.TransactionId), Is.EqualTo((MessageType.Read, 7u, 3u)));
        Assert.That(message.Payload.ToArray(), Is.EqualTo("/a/b\0"u8.ToArray()));
        Assert.That(decoder.TryRead(out _), Is.False);
    }

    [Test]
    public void The_decoder_reports_how_many_bytes_it_needs()
    {
        var decoder = new MessageDecoder();
        Assert.That(decoder.Missing, Is.EqualTo(16));

        Feed(decoder, [0, 0, 0, 0, 0, 0]);
        Assert.That(decoder.Missing, Is.EqualTo(10));

        Feed(decoder, [0, 0, 0, 0, 0, 0, 5, 0, 0, 0]);
        Assert.That(decoder.Missing, Is.EqualTo(5));

        Feed(decoder, [1, 2, 3, 4, 5]);
        Assert.That(decoder.Missing, Is.Zero);
    }

    [Test]
    public void A_payload_over_the_limit_is_rejected_as_soon_as_it_is_announced()
    {
        var decoder = Received([2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 16, 0, 0]);

        Assert.That(() => decoder.TryRead(out _), Throws.InstanceOf<XenStoreProtocolException>().With.Message.Contains("4097"));
    }

    [Test]
    public void A_longer_payload_is_read_if_the_limit_allows_it()
    {
        var encoder = new MessageEncoder();
        var payload = new byte[300_000];
        payload[^1] = 42;
        encoder.Add(MessageType.Directory, 1, 0, payload);

        var decoder = new MessageDecoder(payloadMax: 1 << 20, capacity: 64);
        Feed(decoder, encoder.Pending.Span);

        Assert.That(decoder.TryRead(out var message), Is.True);
        Assert.That(message.Payload[^1], Is.EqualTo(42));
    }

    [Test]
    public void Any_split_of_a_stream_gives_the_same_messages() =>
        Prop.ForAll(Streams().ToArbitrary(), stream => Decode(Split(stream)).SequenceEqual(stream.Messages))
            .QuickCheckThrowOnFailure();

    /// <summary>
    /// Starts from valid streams and changes a few bytes of headers or payloads, removes or repeats a piece, or cuts the end. A simple
    /// second decoder says which messages must be read and whether the limit is exceeded.
    /// </summary>
    [Test]
    public void Every_mutation_of_a_valid_stream_is_decoded_as_by_a_simple_decoder()
    {
        var random = new Random(20240817);
        var (messages, rejected, incomplete) = (0L, 0L, 0L);
        for (var i = 0; i < Mutations; i++)
        {
            var stream = Mutate(ValidStream(random), random);
            var expected = DecodeSimply(stream, out var isRejected);
            var actual = new List<Read>();
            var decoder = new MessageDecoder(capacity: 32);
            var wasRejected = false;
            try
            {
                DecodeInParts(decoder, stream, random, actual);
            }
            catch (XenStoreProtocolException)
            {
                wasRejected = true;
            }
            if (!actual.SequenceEqual(expected) || wasRejected != isRejected)
                Assert.Fail($"mutation {i}: {Convert.ToHexString(stream)}");
            messages += actual.Count;
            rejected += wasRejected ? 1 : 0;
            incomplete += !wasRejected && decoder.Buffered > 0 ? 1 : 0;
        }
        Assert.That(messages, Is.GreaterThan(Mutations), "most messages of a stream are still valid");
        Assert.That(rejected, Is.GreaterThan(Mutations / 50));
        Assert.That(incomplete, Is.GreaterThan(Mutations / 50));
    }

    private static byte[] ValidStream(Random random)
    {
        var encoder = new MessageEncoder();
        for (var left = random.Next(1, 6); left > 0; left--)
        {
            var payload = encoder.Add((MessageType)random.Next(24), (uint)random.Next(), (uint)random.Next(3), random.Next(40));
            random.NextBytes(payload);
        }
        return encoder.Pending.ToArray();
    }

    private static byte[] Mutate(byte[] stream, Random random)
    {
        var bytes = stream.ToList();
        for (var left = random.Next(1, 4); left > 0 && bytes.Count > 0; left--)
        {
            var at = random.Next(bytes.Count);
            var length = random.Next(1, Math.Min(20, bytes.Count - at) + 1);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }
        return [.. bytes];
    }

    private static List<Read> DecodeSimply(byte[] stream, out bool isRejected)
    {
        var messages = new List<Read>();
        isRejected = false;
        for (var at = 0; at + 16 <= stream.Length;)
        {
            var length = BitConverter.ToUInt32(stream, at + 12);
            isRejected = length > Wire.PayloadMax;
            if (isRejected || at + 16 + length > stream.Length)
                break;
            messages.Add(new Read(
                BitConverter.ToUInt32(stream, at), BitConverter.ToUInt32(stream, at + 4), BitConverter.ToUInt32(stream, at + 8),
                Convert.ToHexString(stream, at + 16, (int)length)));
            at += 16 + (int)length;
        }
        return messages;
    }

    private static void DecodeInParts(MessageDecoder decoder, ReadOnlySpan<byte> stream, Random random, List<Read> messages)
    {
        while (!stream.IsEmpty)
        {
            var part = stream[..random.Next(1, stream.Length + 1)];
            Feed(decoder, part);
            stream = stream[part.Length..];
            while (decoder.TryRead(out var message))
                messages.Add(new Read((uint)message.Type, message.RequestId, message.TransactionId, Convert.ToHexString(message.Payload)));
        }
    }

    private static Gen<Stream> Streams()
    {
        var number = Gen.Choose(0, int.MaxValue).Select(value => (uint)value);
        var payload = Gen.Frequency(
            (6, Gen.Choose(0, 64)), (1, Gen.Choose(0, Wire.PayloadMax)), (1, Gen.Constant(Wire.PayloadMax))).SelectMany(
            length => Gen.Choose(0, 255).Select(fill => Enumerable.Repeat((byte)fill, length).ToArray()));
        var message =
            from type in number
            from request in number
            from transaction in number
            from bytes in payload
            select (type, request, transaction, bytes);
        return
            from messages in message.ListOf()
            from cuts in Gen.Choose(1, 5000).ListOf()
            select new Stream([.. messages.Select(m => new Read(m.type, m.request, m.transaction, Convert.ToHexString(m.bytes)))], Bytes(messages), [.. cuts]);
    }

    private static IEnumerable<byte[]> Split(Stream stream)
    {
        var at = 0;
        foreach (var cut in stream.Cuts)
        {
            var length = Math.Min(cut, stream.Bytes.Length - at);
            yield return stream.Bytes[at..(at + length)];
            at += length;
        }
        foreach (var single in stream.Bytes[at..])
            yield return [single];
    }

    private static List<Read> Decode(IEnumerable<byte[]> parts)
    {
        var decoder = new MessageDecoder();
        var messages = new List<Read>();
        foreach (var part in parts)
        {
            Feed(decoder, part);
            while (decoder.TryRead(out var message))
                messages.Add(new Read((uint)message.Type, message.RequestId, message.TransactionId, Convert.ToHexString(message.Payload)));
        }
        return messages;
    }

    private static byte[] Bytes(IEnumerable<(uint Type, uint Request, uint Transaction, byte[] Payload)> messages)
    {
        var encoder = new MessageEncoder();
        foreach (var (type, request, transaction, payload) in messages)
            encoder.Add((MessageType)type, request, transaction, payload);
        return encoder.Pending.ToArray();
    }

    private static MessageDecoder Received(ReadOnlySpan<byte> bytes)
    {
        var decoder = new MessageDecoder();
        Feed(decoder, bytes);
        return decoder;
    }

    private static void Feed(MessageDecoder decoder, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var space = decoder.FreeSpace().Span;
            var count = Math.Min(space.Length, bytes.Length);
            bytes[..count].CopyTo(space);
            decoder.Received(count);
            bytes = bytes[count..];
        }
    }

    private sealed record Read(uint Type, uint Request, uint Transaction, string Payload);

    private sealed record Stream(Read[] Messages, byte[] Bytes, int[] Cuts);
}
