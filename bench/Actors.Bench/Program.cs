using Actors.Bench;
using Actors.Peers;

if (args.Length > 1 || (args.Length == 1 && !int.TryParse(args[0], out _)))
{
    await Console.Error.WriteLineAsync("usage: Actors.Bench [ROUNDS]    (5 unless given)");
    return 2;
}
var rounds = args.Length == 1 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 5;
await using var real = await RealXenStore.StartAsync(Daemon.Xenstored);
var peer = await Peer.CompileAsync();
List<Row> rows = [.. new ClientRows(peer, real.SocketPath).All];
return await Report.RunAsync(rows, rounds, Console.Out, Console.Error) ? 0 : 1;
