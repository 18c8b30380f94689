using System.Globalization;
using Actors.Bench;
using Actors.Chains.Scripts.Processes;
using Actors.Peers;
using Actors.XenStore.Embedded;
using Actors.XenStore.Server;

if (args is ["probe", var cacheFolder])
    return PolicyRows.Probe(cacheFolder);
if (args is [RunnerServer.Role, ..])
    return RunnerServer.Run(args);
if (args.Length > 2 || (args.Length > 0 && !int.TryParse(args[0], CultureInfo.InvariantCulture, out _)))
{
    await Console.Error.WriteLineAsync("usage: Actors.Bench [ROUNDS [WORK]]    (default: 5 rounds; WORK: only the rows with this text in their name)");
    return 2;
}
var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
var wanted = args.Length > 1 ? args[1] : "";
var policiesMet = await PolicyRows.RunAsync(wanted, Console.Out);
if (wanted.StartsWith("policy", StringComparison.Ordinal))
    return policiesMet ? 0 : 1;
var folder = Directory.CreateTempSubdirectory("bench-");
try
{
    await using var real = await RealXenStore.StartAsync(Daemon.Xenstored);
    await using var ours = XenStoreServer.Listen(new EmbeddedXenStore(), Path.Combine(folder.FullName, "socket"));
    var peer = await Peer.CompileAsync();
    Row[] rows =
    [
        .. new ClientRows(peer, real.SocketPath).All,
        .. new DispatchRows(peer, real.SocketPath).All,
        .. new ServerRows(peer, real.SocketPath, ours.SocketPath).All,
    ];
    return await Report.RunAsync([.. rows.Where(row => row.Work.Contains(wanted, StringComparison.Ordinal))], rounds, Console.Out, Console.Error) && policiesMet ? 0 : 1;
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
