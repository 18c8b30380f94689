using Actors.Isolation.Wire;

namespace Actors.Isolation.Tests.Wire;

internal sealed class FrameTests
{
    [Test]
    public void Every_frame_is_read_as_it_was_written([Random(0, Frame.MaxBody, 20)] int size)
    {
        var body = new byte[size];
        new Random(size).NextBytes(body);
        var frame = new Frame(FrameKind.Request, Verb.Inspect, long.MaxValue - size, body);

        var read = Frame.Read(new MemoryStream(frame.Encode()))!.Value;

        Assert.That((read.Kind, read.Verb, read.Number), Is.EqualTo((frame.Kind, frame.Verb, frame.Number)));
        Assert.That(read.Body.ToArray(), Is.EqualTo(body));
    }

    [Test]
    public void The_end_of_the_stream_is_no_frame() => Assert.That(Frame.Read(new MemoryStream()), Is.Null);

    [Test]
    public void A_stream_that_ends_anywhere_inside_a_frame_is_a_violation()
    {
        var bytes = new Frame(FrameKind.Notice, Verb.Report, 0, new byte[20]).Encode();
        for (var length = 1; length < bytes.Length; length++)
            Assert.That(() => Frame.Read(new MemoryStream(bytes[..length])), Throws.TypeOf<WireException>());
    }

    [Test]
    public void Random_bytes_are_a_violation_or_a_frame_and_never_anything_else([Random(200)] int seed)
    {
        var bytes = new byte[64];
        new Random(seed).NextBytes(bytes);
        try
        {
            Frame.Read(new MemoryStream(bytes));
        }
        catch (WireException)
        {
            // As it should be.
        }
    }

    [Test]
    public void A_body_that_is_too_large_is_neither_sent_nor_followed()
    {
        Assert.That(() => new Frame(FrameKind.Reply, Verb.None, 1, new byte[Frame.MaxBody + 1]).Encode(), Throws.TypeOf<WireException>());
        var announced = new Frame(FrameKind.Reply, Verb.None, 1, new byte[8]).Encode();
        BitConverter.GetBytes(int.MaxValue).CopyTo(announced, 0);
        Assert.That(() => Frame.Read(new MemoryStream(announced)), Throws.TypeOf<WireException>());
    }
}
