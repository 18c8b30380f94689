using System.CommandLine;

namespace Actors.Host.Commands.Policies;

/// <summary><c>actors policy</c>: what an operator does with policies.</summary>
internal static class PolicyCommand
{
    public static Command Make() => new("policy", "Check, try, explain and write policies")
    {
        PolicyListCommand.Make(),
        PolicyLintCommand.Make(),
        PolicyCompileCommand.Make(),
        PolicyTestCommand.Make(),
        PolicyExplainCommand.Make(),
        PolicyNewCommand.Make(),
    };
}
