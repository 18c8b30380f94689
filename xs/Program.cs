using Actors.XenStore;
using Actors.Xs;

// The program is also the xenstore-read, xenstore-write, … that a link to it is named.
const string Prefix = "xenstore-";
var name = Path.GetFileName(Environment.GetCommandLineArgs()[0]);
var words = new List<string>(args);
if (name.StartsWith(Prefix, StringComparison.Ordinal) && Array.Exists(Command.All, command => command.Name == name[Prefix.Length..]))
    words.Insert(0, name[Prefix.Length..]);

if (words is [] or ["help" or "--help" or "-h", ..])
{
    await Usage.WriteAsync(words is [] ? Console.Error : Console.Out);
    return words is [] ? ExitCode.Usage : ExitCode.Ok;
}
if (Array.Find(Command.All, command => command.Name == words[0]) is not { } found)
{
    await Console.Error.WriteLineAsync($"xs: '{Text.Escape(words[0])}' is not a command.");
    await Usage.WriteAsync(Console.Error);
    return ExitCode.Usage;
}
try
{
    var arguments = Arguments.Parse(words.Skip(1), found.Options);
    if (arguments.Paths.Count < found.LeastArguments)
        throw new UsageException("an argument is missing");
    var store = await XenStoreClient.ConnectAsync(options: new XenStoreClientOptions { ReconnectWait = TimeSpan.Zero });
    await using (store)
        return await found.RunAsync(store, arguments, Console.Out);
}
catch (UsageException wrong)
{
    await Console.Error.WriteLineAsync($"xs {found.Name}: {wrong.Message}. Usage: xs {found.Usage}");
    return ExitCode.Usage;
}
catch (Exception failure) when (failure is XenStoreException or XenStoreProtocolException)
{
    await Console.Error.WriteLineAsync($"xs: {failure.Message}");
    return ExitCode.Failed;
}
catch (XenStoreConnectionException unreachable)
{
    await Console.Error.WriteLineAsync($"xs: {unreachable.Message}");
    return ExitCode.Unreachable;
}
