using System.CommandLine;
using Actors.Cli.Commands;
using Actors.Cli.Commands.Domains;

namespace Actors.Cli;

/// <summary>The commands that need only the xenstore or the journal. They are part of the program, and compiled to native code as well, because they are run often.</summary>
internal static class StoreCommands
{
    public static IReadOnlyDictionary<string, Func<Command>> All { get; } = new Dictionary<string, Func<Command>>
    {
        ["mem-set"] = MemSetCommand.Make,
        ["mem-policy"] = MemPolicyCommand.Make,
        ["list"] = ListCommand.Make,
        ["history"] = HistoryCommand.Make,
    };
}
