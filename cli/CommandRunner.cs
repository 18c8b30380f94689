using System.CommandLine;
using Actors.Cli.CommandLine;

namespace Actors.Cli;

/// <summary>Runs command lines.</summary>
internal static class CommandRunner
{
    /// <summary>Runs a command line. Whatever happens, the result is an exit code and a message, never an exception.</summary>
    public static Task<int> RunAsync(IEnumerable<Command> commands, IReadOnlyList<string> line, CancellationToken cancellation = default) => Terminal.GuardAsync(async () =>
    {
        // An argument that starts with '@' is an argument, not the name of a file with more of them.
        var arguments = Root(commands).Parse(line, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var errors = UsageErrors.Of(arguments);
        if (errors.Count > 0)
        {
            Terminal.Fail(ExitCode.Usage, string.Join("\nactors: ", errors));
            Terminal.Message(UsageErrors.Usage(arguments));
            return ExitCode.Usage;
        }
        using var signals = new StopSignals();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, signals.Requested);
        return await arguments.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop.Token);
    });

    public static RootCommand Root(IEnumerable<Command> commands)
    {
        var root = new RootCommand("Manages the memory of Xen domains by policies");
        foreach (var command in commands)
            root.Subcommands.Add(command);
        return root;
    }
}
