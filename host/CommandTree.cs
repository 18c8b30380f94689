using System.CommandLine;
using Actors.Host.CommandLine;
using Actors.Host.Commands;
using Actors.Host.Commands.Plugins;
using Actors.Host.Commands.Policies;

namespace Actors.Host;

/// <summary>All commands of the program.</summary>
internal static class CommandTree
{
    public static RootCommand Make() => new("Manages the memory of Xen domains by policies")
    {
        DemoCommand.Make(),
        RunCommand.Make(),
        MemSetCommand.Make(),
        MemPolicyCommand.Make(),
        ListCommand.Make(),
        ExplainCommand.Make(),
        HistoryCommand.Make(),
        ForgetCommand.Make(),
        PluginCommand.Make(),
        PolicyCommand.Make(),
        DoctorCommand.Make(),
    };

    /// <summary>Runs a command line. Whatever happens, the result is an exit code and a message, never an exception.</summary>
    public static Task<int> RunAsync(IReadOnlyList<string> line, CancellationToken cancellation = default) => Terminal.GuardAsync(async () =>
    {
        // An argument that starts with '@' is an argument, not the name of a file with more of them.
        var arguments = Make().Parse(line, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var errors = UsageErrors.Of(arguments);
        if (errors.Count > 0)
        {
            Terminal.Fail(ExitCode.Usage, string.Join("\nactors: ", errors));
            Terminal.Message(UsageErrors.Usage(arguments));
            return ExitCode.Usage;
        }
        return await arguments.InvokeAsync(
            new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = RunCommand.StopLimit }, cancellation);
    });
}
