using System.CommandLine;
using Actors.Cli;
using Actors.Cli.Commands;
using Actors.Cli.Commands.Domains;
using Actors.Host.Commands;
using Actors.Host.Commands.Plugins;
using Actors.Host.Commands.Policies;
using Actors.Host.Commands.Scenarios;

namespace Actors.Host;

/// <summary>All commands of the program.</summary>
internal static class CommandTree
{
    public static IReadOnlyList<Command> Make() =>
    [
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
        RecordCommand.Make(),
        ScenarioCommand.Make(),
        StudyCommand.Make(),
        DoctorCommand.Make(),
    ];

    /// <summary>Runs a command line. Whatever happens, the result is an exit code and a message, never an exception.</summary>
    public static Task<int> RunAsync(IReadOnlyList<string> line, CancellationToken cancellation = default) => CommandRunner.RunAsync(Make(), line, cancellation);
}
