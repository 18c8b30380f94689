using Actors.Cli.CommandLine;
using Actors.Host;
using Actors.Host.Service;

OpenSsl.Ensure();
// Before anything else is loaded, because every assembly takes file descriptors.
if (args is ["run", ..] && FileDescriptors.Problem() is { } problem)
    return Terminal.Fail(ExitCode.Failed, problem);
return await CommandTree.RunAsync(args);
