namespace Actors.Bench;

/// <summary>Compares our server with the real C xenstored, with the same C clients.</summary>
internal sealed class ServerRows(Peer peer, string theirSocket, string ourSocket)
{
    private const int Sequential = 50_000;
    private const int Pipelined = 200_000;
    private const int Fan = 100_000;

    public IReadOnlyList<Row> All =>
    [
        Of("server, sequential", "read", Sequential, must: 1.0, aim: 1.3),
        Of("server, 64 reads in flight", "pipeline", Pipelined, must: 5.0, aim: 12.0),
        Of("server, 16 connections", "fan", Fan, must: 1.0, aim: 2.0),
    ];

    private Row Of(string name, string work, int count, double must, double aim) =>
        new(name, "C xenstored", [Figure.Throughput("reads", must, aim)], () => peer.RunAsync(theirSocket, work, count), () => peer.RunAsync(ourSocket, work, count));
}
