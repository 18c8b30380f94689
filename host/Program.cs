using System.CommandLine;
using Actors.Host;
using Actors.Host.CommandLine;
using Actors.Host.Commands;
using Actors.Host.Commands.Plugins;
using Actors.Host.Commands.Policies;

OpenSsl.Ensure();
var root = new RootCommand("Manages the memory of Xen domains by policies")
{
    DemoCommand.Make(),
    RunCommand.Make(),
    MemSetCommand.Make(),
    MemPolicyCommand.Make(),
    ListCommand.Make(),
    ExplainCommand.Make(),
    HistoryCommand.Make(),
    PluginCommand.Make(),
    PolicyCommand.Make(),
    DoctorCommand.Make(),
};
var arguments = root.Parse(args);
if (arguments.Errors.Count > 0)
{
    foreach (var error in arguments.Errors)
        Console.Error.WriteLine($"actors: {error.Message}");
    Console.Error.WriteLine("'actors --help' shows the usage");
    return ExitCode.Usage;
}
return await arguments.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = true, ProcessTerminationTimeout = RunCommand.StopLimit });
