using Actors.Cli;
using Actors.Front;

return args is [var name, ..] && StoreCommands.All.TryGetValue(name, out var make)
    ? await CommandRunner.RunAsync([make()], args)
    : ManagedProgram.Become(args);
