using Actors.Chains.Scripts.Processes;
using Actors.Cli.CommandLine;
using Actors.Host;
using Actors.Host.Service;
using Actors.Loading.Child;

OpenSsl.Ensure();
switch (args)
{
    case [PluginChild.Role, ..]:
        return PluginChild.Run(args);
    case [CompilerServer.Role, ..]:
        return CompilerServer.Run(args);
    case [RunnerServer.Role, ..]:
        return RunnerServer.Run(args);
}
// Before anything else is loaded, because every assembly takes file descriptors.
if (args is ["run", ..] && FileDescriptors.Problem() is { } problem)
    return Terminal.Fail(ExitCode.Failed, problem);
return await CommandTree.RunAsync(args);
