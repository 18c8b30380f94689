using System.CommandLine;

namespace Actors.Host.Commands.Policies;

/// <summary><c>actors policy</c>: the commands for policies.</summary>
internal static class PolicyCommand
{
    public static Command Make() => new("policy", "List, check, test, explain and write policies")
    {
        PolicyListCommand.Make(),
        PolicyLintCommand.Make(),
        PolicyCompileCommand.Make(),
        PolicyTestCommand.Make(),
        PolicyExplainCommand.Make(),
        PolicyNewCommand.Make(),
    };
}
