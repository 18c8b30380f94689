using System.Collections.Concurrent;
using System.Text;
using Actors.XenStore.Client;
using Actors.XenStore.Protocol;

namespace Actors.XenStore.Tests.Client;

public sealed class ConnectionReaderTests
{
    [Test]
    public void A_message_that_is_read_slowly_is_not_mixed_with_the_next_one()
    {
        var time = new FakeTime();
        using var transport = new FedTransport();
        using var sink = new SlowSink(() =>
        {
            // The slow message no longer blocks the reader, so the next one is received.
            time.Advance(TimeSpan.FromSeconds(1));
            transport.Feed(FakePeer.Bytes(MessageType.MakeDirectory, "OK\0", 2, 0));
        });
        using var reader = new ConnectionReader(transport, sink, time);
        transport.Feed(FakePeer.Bytes(MessageType.GetPermissions, "n0\0", 1, 0));

        reader.Start();

        Assert.That(sink.Ended.Wait(FakePeer.Deadline), Is.True);
        Assert.That(sink.Payloads.Order(), Is.EqualTo(new[] { "1 n0\0", "2 OK\0" }));
    }

    private sealed class SlowSink(Action whileSlow) : IMessageSink, IDisposable
    {
        private readonly ManualResetEventSlim _second = new();

        public ManualResetEventSlim Ended { get; } = new();

        public ConcurrentBag<string> Payloads { get; } = [];

        public void Receive(in Message message)
        {
            if (message.RequestId == 1)
            {
                whileSlow();
                _second.Wait(FakePeer.Deadline);
            }
            Payloads.Add($"{message.RequestId} {Encoding.ASCII.GetString(message.Payload)}");
            if (message.RequestId == 2)
                _second.Set();
            if (Payloads.Count == 2)
                Ended.Set();
        }

        public void Dispose()
        {
            _second.Dispose();
            Ended.Dispose();
        }

        void IMessageSink.Ended(Exception? cause)
        {
        }
    }

    private sealed class FedTransport : ITransport
    {
        private readonly BlockingCollection<byte[]> _chunks = [];

        public bool CanSendNow => true;

        public void Feed(byte[] bytes) => _chunks.Add(bytes);

        public int Receive(Span<byte> buffer)
        {
            if (!_chunks.TryTake(out var chunk, FakePeer.Deadline))
                return 0;
            chunk.CopyTo(buffer);
            return chunk.Length;
        }

        public void Send(ReadOnlySpan<byte> messages)
        {
        }

        public void Shutdown()
        {
        }

        public void Dispose() => _chunks.CompleteAdding();
    }
}
