using System.Globalization;
using Actors.Bench;
using Actors.Peers;
using Actors.XenStore.Embedded;
using Actors.XenStore.Server;

if (args.Length > 1 || (args.Length == 1 && !int.TryParse(args[0], CultureInfo.InvariantCulture, out _)))
{
    await Console.Error.WriteLineAsync("usage: Actors.Bench [ROUNDS]    (5 unless given)");
    return 2;
}
var rounds = args.Length == 1 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
var folder = Directory.CreateTempSubdirectory("bench-");
try
{
    await using var real = await RealXenStore.StartAsync(Daemon.Xenstored);
    await using var ours = XenStoreServer.Listen(new EmbeddedXenStore(), Path.Combine(folder.FullName, "socket"));
    var peer = await Peer.CompileAsync();
    Row[] rows =
    [
        .. new ClientRows(peer, real.SocketPath).All,
        .. new ServerRows(peer, real.SocketPath, ours.SocketPath).All,
    ];
    return await Report.RunAsync(rows, rounds, Console.Out, Console.Error) ? 0 : 1;
}
catch (MissingPeerException missing)
{
    await Console.Error.WriteLineAsync(missing.Message);
    return 1;
}
finally
{
    folder.Delete(recursive: true);
}
