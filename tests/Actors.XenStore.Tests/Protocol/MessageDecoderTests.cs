using Actors.XenStore.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace Actors.XenStore.Tests.Protocol;

public sealed class MessageDecoderTests
{
    private const int Mutations = 1_000_000;

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

        Assert.That(() => decoder.TryRead(out _), Throws.InstanceOf<ProtocolException>().With.Message.Contains("4097"));
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

    /// <summary>A third is random bytes, the others are streams of messages with some of their bytes changed.</summary>
    [Test]
    public void A_million_streams_of_random_and_mutated_bytes_throw_nothing_but_the_protocols_error()
    {
        var random = new Random(20240817);
        var valid = Bytes([.. Enumerable.Range(0, 8).Select(i => ((uint)i, (uint)i, 0u, new byte[i * 3]))]);
        var bytes = new byte[256];
        var (messages, broken) = (0L, 0L);
        for (var i = 0; i < Mutations; i++)
        {
            var stream = bytes.AsSpan(0, random.Next(bytes.Length));
            if (i % 3 == 0)
                random.NextBytes(stream);
            else
                Mutate(valid.AsSpan(0, Math.Min(valid.Length, stream.Length)), stream, random);
            try
            {
                messages += Count(new MessageDecoder(capacity: 32), stream, random);
            }
            catch (ProtocolException)
            {
                broken++;
            }
        }
        Assert.That(messages, Is.GreaterThan(Mutations / 10));
        Assert.That(broken, Is.GreaterThan(Mutations / 10));
    }

    private static void Mutate(ReadOnlySpan<byte> valid, Span<byte> stream, Random random)
    {
        stream.Clear();
        valid.CopyTo(stream);
        for (var left = random.Next(3); left > 0 && stream.Length > 0; left--)
            stream[random.Next(stream.Length)] = (byte)random.Next(256);
    }

    private static int Count(MessageDecoder decoder, ReadOnlySpan<byte> stream, Random random)
    {
        var messages = 0;
        while (!stream.IsEmpty)
        {
            var part = stream[..random.Next(1, stream.Length + 1)];
            Feed(decoder, part);
            stream = stream[part.Length..];
            while (decoder.TryRead(out _))
                messages++;
        }
        return messages;
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
