using System.Diagnostics;
using Actors.XenStore;

namespace Actors.Bench;

/// <summary>Compares our client with libxenstore and raw sockets on the real C xenstored.</summary>
internal sealed class ClientRows(Peer peer, string socketPath)
{
    private const string Node = "/bench/v";
    private const int Sequential = 50_000;
    private const int Pipelined = 200_000;
    private const int Watches = 10_000;
    private static readonly byte[] Value = "87654321"u8.ToArray();

    public IReadOnlyList<Row> All =>
    [
        new("sequential read", "libxenstore", [Figure.Throughput("reads", 1.0, 1.2)], () => TheirsAsync("read", Sequential), () => OnClientAsync(ReadAsync)),
        new("sequential write", "libxenstore", [Figure.Throughput("writes", 1.0, 1.2)], () => TheirsAsync("write", Sequential), () => OnClientAsync(WriteAsync)),
        new("64 reads in flight", "raw C, 64 deep", [Figure.Throughput("reads", 0.95, 1.0)], () => TheirsAsync("pipeline", Pipelined), () => OnClientAsync(PipelineAsync)),
        new("watch latency", "libxenstore, two threads", [Figure.Latency("p50", 1.2, 1.0), Figure.Latency("p99", 2.0, 1.0)], () => TheirsAsync("watch", Watches), () => OnClientAsync(WatchAsync)),
        new("allocated per read", "the limit of 200 bytes", [new Figure("bytes", HigherIsBetter: false, 1.0, 0)], () => Task.FromResult<double[]>([200]), () => OnClientAsync(AllocatedAsync)),
    ];

    private Task<double[]> TheirsAsync(string work, int count) => peer.RunAsync(socketPath, work, count);

    private async Task<double[]> OnClientAsync(Func<XenStoreClient, Task<double[]>> work)
    {
        await using var client = await XenStoreClient.ConnectAsync(XenStoreEndpoint.Socket(socketPath));
        return await work(client);
    }

    private static async Task<double[]> ReadAsync(XenStoreClient client)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Sequential; i++)
            await client.ReadAsync(Node);
        return [Sequential / Stopwatch.GetElapsedTime(start).TotalSeconds];
    }

    private static async Task<double[]> WriteAsync(XenStoreClient client)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Sequential; i++)
            await client.WriteAsync(Node, Value);
        return [Sequential / Stopwatch.GetElapsedTime(start).TotalSeconds];
    }

    private static async Task<double[]> PipelineAsync(XenStoreClient client)
    {
        var start = Stopwatch.GetTimestamp();
        var lanes = new Task[64];
        using (client.Batch())
            for (var lane = 0; lane < lanes.Length; lane++)
                lanes[lane] = LaneAsync(client, Pipelined / lanes.Length);
        await Task.WhenAll(lanes);
        return [Pipelined / Stopwatch.GetElapsedTime(start).TotalSeconds];

        static async Task LaneAsync(XenStoreClient client, int count)
        {
            for (var i = 0; i < count; i++)
                await client.ReadAsync(Node);
        }
    }

    private async Task<double[]> WatchAsync(XenStoreClient client)
    {
        await using var writer = await XenStoreClient.ConnectAsync(XenStoreEndpoint.Socket(socketPath));
        await using var queue = client.OpenWatchQueue();
        await queue.AddAsync(Node, "token");
        await queue.NextAsync();
        var latencies = new double[Watches];
        using var seen = new SemaphoreSlim(0);
        long written = 0;
        var watching = WatchEachAsync();
        for (var i = 0; i < Watches; i++)
        {
            Volatile.Write(ref written, Stopwatch.GetTimestamp());
            await writer.WriteAsync(Node, Value);
            await seen.WaitAsync();
        }
        await watching;
        Array.Sort(latencies);
        return [latencies[Watches / 2], latencies[Watches * 99 / 100]];

        async Task WatchEachAsync()
        {
            for (var i = 0; i < Watches; i++)
            {
                await queue.NextAsync();
                latencies[i] = Stopwatch.GetElapsedTime(Volatile.Read(ref written)).TotalMicroseconds;
                seen.Release();
            }
        }
    }

    private static async Task<double[]> AllocatedAsync(XenStoreClient client)
    {
        await ReadAsync(client);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await ReadAsync(client);
        return [(GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Sequential];
    }
}
