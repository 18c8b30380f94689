using Actors.XenStore.Protocol;

namespace Actors.XenStore.Tests.Protocol;

public sealed class MessageEncoderTests
{
    [Test]
    public void After_a_partial_send_the_encoder_continues_where_it_stopped()
    {
        var encoder = new MessageEncoder();
        var sent = new List<byte>();
        var expected = new List<byte>();
        for (var i = 0; i < 5000; i++)
        {
            encoder.Add(MessageType.Write, (uint)i, 0, "OK\0"u8);
            expected.AddRange([.. BitConverter.GetBytes(11), .. BitConverter.GetBytes(i), 0, 0, 0, 0, 3, 0, 0, 0, .. "OK\0"u8]);
            var part = encoder.Pending[..(i % 19)];
            sent.AddRange(part.ToArray());
            encoder.Consume(part.Length);
        }
        sent.AddRange(encoder.Pending.ToArray());

        Assert.That(sent, Is.EqualTo(expected));
        Assert.That((encoder.Added, encoder.Length), Is.EqualTo((expected.Count, expected.Count - (int)encoder.Sent)));
    }

    [Test]
    public void A_message_allocates_nothing_once_the_buffer_is_large_enough()
    {
        var encoder = new MessageEncoder();
        Round(encoder);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            Round(encoder);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static void Round(MessageEncoder encoder)
    {
        for (var i = 0; i < 64; i++)
            encoder.Add(MessageType.Read, (uint)i, 0, "/local/domain/0/name\0"u8);
        encoder.Consume(encoder.Length);
    }
}
