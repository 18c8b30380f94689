using System.Text;
using Actors.Isolation.Wire;
using Microsoft.Win32.SafeHandles;

namespace Actors.Isolation.Tests.Wire;

internal sealed class WireConnectionTests
{
    [Test]
    public async Task Both_ends_ask_at_once_and_each_answer_finds_its_question()
    {
        using var pair = new ConnectedPair(left => left, right => right);

        var questions = Enumerable.Range(0, 200).Select(async i =>
        {
            var end = i % 2 == 0 ? pair.Left : pair.Right;
            var reply = await end.RequestAsync(Verb.Read, Encoding.UTF8.GetBytes($"{i}"), _ => { }, default);
            return Encoding.UTF8.GetString(reply.Body.Span);
        });

        Assert.That(await Task.WhenAll(questions), Is.EqualTo(Enumerable.Range(0, 200).Select(i => $"{i}")));
    }

    [Test]
    public async Task A_peer_that_reads_nothing_never_blocks_the_writer_and_is_found_out()
    {
        var (read, write) = Pipe.Create();
        using var keptOpen = read;
        var broken = new TaskCompletionSource<string>();
        var writer = new FrameWriter(write, why => broken.TrySetResult(why));
        var frame = new Frame(FrameKind.Notice, Verb.Log, 0, new byte[64 << 10]).Encode();

        while (!broken.Task.IsCompleted)
            writer.Write(frame);

        Assert.That(await broken.Task, Does.Contain("has not read"));
    }

    [Test]
    public async Task A_sender_of_notices_is_slowed_down_to_the_speed_of_its_reader()
    {
        var (read, write) = Pipe.Create();
        var broken = false;
        var writer = new FrameWriter(write, _ => broken = true);
        var sent = 0;
        // Together they are more than may wait.
        var sending = Task.Run(() =>
        {
            for (; sent < 2_000; sent++)
                writer.WriteInTurn(new Frame(FrameKind.Notice, Verb.Report, sent, new byte[10_000]).Encode());
        });

        using var stream = new FileStream(read, FileAccess.Read);
        var numbers = await Task.Run(() => Enumerable.Range(0, 2_000).Select(_ => Frame.Read(stream)!.Value.Number).ToList());
        await sending;

        Assert.That(numbers, Is.EqualTo(Enumerable.Range(0, 2_000)));
        Assert.That(broken, Is.False);
        writer.Close();
    }

    [Test]
    public async Task Many_requests_at_once_wait_for_their_turn()
    {
        using var pair = new ConnectedPair(left => left, right => right);

        var replies = await Task.WhenAll(Enumerable.Range(0, 3 * WireConnection.MaxRequests).Select(i =>
            pair.Left.RequestInTurnAsync(Verb.Write, Encoding.UTF8.GetBytes($"{i}"), _ => { }, default)));

        Assert.That(replies.Select(reply => Encoding.UTF8.GetString(reply.Body.Span)), Is.EqualTo(Enumerable.Range(0, replies.Length).Select(i => $"{i}")));
    }

    [Test]
    public async Task What_a_slow_reader_takes_late_arrives_whole_and_in_order()
    {
        var (read, write) = Pipe.Create();
        var writer = new FrameWriter(write, _ => { });
        for (var i = 0; i < 100; i++)
            writer.Write(new Frame(FrameKind.Notice, Verb.Log, i, new byte[10_000]).Encode());

        using var stream = new FileStream(read, FileAccess.Read);
        var numbers = await Task.Run(() => Enumerable.Range(0, 100).Select(_ => Frame.Read(stream)!.Value.Number).ToList());

        Assert.That(numbers, Is.EqualTo(Enumerable.Range(0, 100)));
        writer.Close();
    }

    [Test]
    public async Task When_the_connection_ends_every_question_fails()
    {
        var pair = new ConnectedPair(left => left, _ => new TaskCompletionSource<ReadOnlyMemory<byte>>().Task.Result);
        var question = Task.Run(() => pair.Left.RequestAsync(Verb.Read, default, _ => { }, default));
        await pair.Asked;

        pair.Dispose();

        await Assert.ThatAsync(() => question, Throws.TypeOf<EndOfStreamException>());
        await Assert.ThatAsync(() => pair.Left.RequestAsync(Verb.Read, default, _ => { }, default), Throws.TypeOf<EndOfStreamException>());
    }

    [Test]
    public async Task An_answer_to_no_question_ends_the_connection()
    {
        var (read, write) = Pipe.Create();
        var (_, unused) = Pipe.Create();
        var connection = new WireConnection(new FileStream(read, FileAccess.Read), unused) { Answer = (_, _) => default, Notice = _ => { } };
        var running = Task.Run(() => connection.Run(() => new EndOfStreamException()));

        Pipe.Write(write, new Frame(FrameKind.Reply, Verb.None, 77, default).Encode());

        Assert.That((await running)!.Message, Does.Contain("77"));
    }
}

/// <summary>Two ends of a connection, each with its own reader. A request is answered by a function of its body.</summary>
internal sealed class ConnectedPair : IDisposable
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SafeFileHandle[] _ends;

    public ConnectedPair(Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> left, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> right)
    {
        var (toLeft, fromRight) = Pipe.Create();
        var (toRight, fromLeft) = Pipe.Create();
        _ends = [fromRight, fromLeft];
        Left = Run(toLeft, fromLeft, left);
        Right = Run(toRight, fromRight, right);
    }

    public WireConnection Left { get; }

    public WireConnection Right { get; }

    /// <summary>Completes when a request has arrived.</summary>
    public Task Asked => _asked.Task;

    public void Dispose()
    {
        foreach (var end in _ends)
            end.Dispose();
    }

    private WireConnection Run(SafeFileHandle input, SafeFileHandle output, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> answer)
    {
        var connection = new WireConnection(new FileStream(input, FileAccess.Read), output)
        {
            Answer = (frame, _) =>
            {
                _asked.TrySetResult();
                return new ValueTask<ReadOnlyMemory<byte>>(Task.Run(() => answer(frame.Body)));
            },
            Notice = _ => { },
            Restore = error => new RemoteException(error),
        };
        new Thread(() => connection.Run(() => new EndOfStreamException())) { IsBackground = true }.Start();
        return connection;
    }
}
