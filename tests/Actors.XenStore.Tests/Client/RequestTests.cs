using System.Text;
using Actors.XenStore.Client;
using Actors.XenStore.Protocol;

namespace Actors.XenStore.Tests.Client;

public sealed class RequestTests
{
    private FakeDaemon _daemon = null!;
    private XenStoreClient _client = null!;
    private FakePeer _peer = null!;

    [SetUp]
    public async Task ConnectAsync()
    {
        _daemon = new FakeDaemon();
        (_client, _peer) = await _daemon.ConnectAsync();
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await _client.DisposeAsync();
        _peer.Dispose();
        await _daemon.DisposeAsync();
    }

    [Test]
    public async Task Replies_reach_their_requests_in_any_order()
    {
        var (first, second) = (_client.ReadTextAsync("/a").AsTask(), _client.ReadTextAsync("/b").AsTask());
        var requests = (First: await _peer.NextAsync(), Second: await _peer.NextAsync());

        _peer.Reply(requests.Second, "2");
        _peer.Reply(requests.First, "1");

        Assert.That((await first, await second), Is.EqualTo(("1", "2")));
    }

    // On an overloaded machine the reader can be delayed at any point.
    [Test]
    public async Task A_reply_that_is_read_slowly_is_not_overwritten_by_the_next_one()
    {
        var time = new FakeTime();
        using var connection = new Connection(SocketTransport.Connect(_daemon.Endpoint.Path), _ => { }, _ => { }, time);
        using var peer = await _daemon.AcceptAsync();
        connection.Start();
        Task<byte[]>? second = null;
        FakeRequest? next = null;
        var first = Session.TrySend(connection, new Query(MessageType.Read, "/a"), ReadForLong, absentIsDefault: false, default)!.Answer.AsTask();
        second = Session.TrySend(connection, new Query(MessageType.Read, "/b"), Replies.Bytes, absentIsDefault: false, default)!.Answer.AsTask();
        var request = await peer.NextAsync();
        next = await peer.NextAsync();

        peer.Reply(request, "524288");

        Assert.That((await first, Encoding.ASCII.GetString(await second)), Is.EqualTo(("524288", "196608")));

        string ReadForLong(ReadOnlySpan<byte> payload)
        {
            peer.Reply(next!, "196608");
            time.Advance(TimeSpan.FromMilliseconds(50));
            SpinWait.SpinUntil(() => second!.IsCompleted, TimeSpan.FromMilliseconds(250));
            return Encoding.ASCII.GetString(payload);
        }
    }

    [Test]
    public async Task A_loss_that_two_readers_notice_is_reported_once()
    {
        var losses = 0;
        using var connection = new Connection(SocketTransport.Connect(_daemon.Endpoint.Path), _ => { }, _ => losses++, TimeProvider.System);
        var cause = new IOException("the first");

        connection.Ended(cause);
        connection.Ended(new IOException("the second"));

        Assert.That((losses, await connection.Lost), Is.EqualTo((1, cause)));
    }

    [Test]
    public async Task A_reply_that_arrives_byte_by_byte_is_read_completely()
    {
        var read = _client.ReadTextAsync("/a").AsTask();
        var request = await _peer.NextAsync();

        foreach (var one in FakePeer.Bytes(MessageType.Read, "value", request.Id, 0))
            _peer.Send([one]);

        Assert.That(await read, Is.EqualTo("value"));
    }

    [Test]
    public async Task A_batch_is_sent_when_it_ends_and_not_before()
    {
        Task<string> first, second;
        using (_client.Batch())
        {
            first = _client.ReadTextAsync("/a").AsTask();
            second = _client.ReadTextAsync("/b").AsTask();
            Assert.That(_peer.IsIdle);
        }

        await _peer.AnswerAsync("1");
        await _peer.AnswerAsync("2");
        Assert.That((await first, await second), Is.EqualTo(("1", "2")));
    }

    [Test]
    public async Task A_request_without_data_carries_a_NUL()
    {
        var begin = _client.BeginTransactionAsync().AsTask();

        Assert.That((await _peer.AnswerAsync("5|")).Payload, Is.EqualTo("|"));
        await (await begin).DisposeAsync();
    }

    [Test]
    public void A_path_with_a_NUL_is_rejected_and_nothing_is_sent()
    {
        Assert.That(async () => await _client.WriteTextAsync("/a\0/b", ""), Fails.With(XenStoreError.Invalid));
        Assert.That(_peer.IsIdle);
    }

    [Test]
    public void A_value_too_long_for_a_message_is_rejected_and_nothing_is_sent()
    {
        Assert.That(async () => await _client.WriteAsync("/a", new byte[4096]), Fails.With(XenStoreError.TooBig));
        Assert.That(_peer.IsIdle);
    }

    [Test]
    public async Task An_error_names_the_request()
    {
        var read = _client.ReadAsync("/a").AsTask();
        _peer.Refuse(await _peer.NextAsync(), "EACCES");

        Assert.That(async () => await read, Throws.Exception.With.Message.EqualTo("xenstore: READ /a: EACCES"));
    }

    [Test]
    public async Task An_unknown_error_keeps_its_name()
    {
        var read = _client.ReadAsync("/a").AsTask();
        _peer.Refuse(await _peer.NextAsync(), "ESTRANGE");

        Assert.That(async () => await read, Fails.With(XenStoreError.Other));
    }

    [Test]
    public async Task The_reply_to_a_cancelled_request_is_discarded()
    {
        using var cancellation = new CancellationTokenSource();
        var cancelled = _client.ReadTextAsync("/a", cancellation.Token).AsTask();
        var request = await _peer.NextAsync();
        cancellation.Cancel();
        Assert.That(async () => await cancelled, Throws.InstanceOf<OperationCanceledException>());

        var next = _client.ReadTextAsync("/b").AsTask();
        _peer.Reply(request, "late");
        await _peer.AnswerAsync("right");

        Assert.That(await next, Is.EqualTo("right"));
    }

    [Test]
    public async Task A_transaction_whose_start_was_cancelled_is_aborted()
    {
        using var cancellation = new CancellationTokenSource();
        var begin = _client.BeginTransactionAsync(cancellation.Token).AsTask();
        var request = await _peer.NextAsync();
        cancellation.Cancel();
        Assert.That(async () => await begin, Throws.InstanceOf<OperationCanceledException>());

        _peer.Reply(request, "5|");

        Assert.That(await _peer.NextAsync(), Is.EqualTo(new FakeRequest(MessageType.TransactionEnd, request.Id + 1, 5, "F|")));
    }

    [Test]
    public async Task A_long_directory_is_fetched_in_parts_and_again_if_it_changed_in_between()
    {
        var list = _client.ListAsync("/a").AsTask();
        _peer.Refuse(await _peer.NextAsync(), "E2BIG");
        await _peer.AnswerAsync("1|one|two|");
        Assert.That((await _peer.AnswerAsync("2|three||")).Payload, Is.EqualTo("/a|8|"));
        await _peer.AnswerAsync("2|two|");
        Assert.That((await _peer.AnswerAsync("2|three||")).Payload, Is.EqualTo("/a|4|"));

        Assert.That(await list, Is.EqualTo(["two", "three"]));
    }

    [Test]
    public async Task Two_thousand_requests_can_wait_for_a_daemon_that_does_not_read()
    {
        var value = Encoding.ASCII.GetBytes(new string('v', 1000));
        var writes = Enumerable.Range(0, 2000).Select(i => _client.WriteAsync($"/{i}", value).AsTask()).ToList();

        for (var i = 0; i < writes.Count; i++)
            Assert.That((await _peer.AnswerAsync("OK|")).Payload, Does.StartWith($"/{i}|"));

        await Task.WhenAll(writes);
    }

    [Test]
    public async Task A_caller_with_a_synchronization_context_continues_there()
    {
        var context = new CountingContext();
        SynchronizationContext.SetSynchronizationContext(context);
        var read = ReadAsync();
        SynchronizationContext.SetSynchronizationContext(null);
        await _peer.AnswerAsync("1");
        await read;

        Assert.That(context.Posts, Is.EqualTo(1));

        async Task ReadAsync() => await _client.ReadAsync("/a");
    }

    private sealed class CountingContext : SynchronizationContext
    {
        public int Posts { get; private set; }

        public override void Post(SendOrPostCallback d, object? state)
        {
            Posts++;
            base.Post(d, state);
        }
    }
}
