using Actors.XenStore;

namespace Actors.Xs;

/// <summary>A command of the program.</summary>
/// <param name="Name">The name.</param>
/// <param name="Usage">The command line.</param>
/// <param name="Help">What the command does.</param>
/// <param name="Options">The letters of its options.</param>
/// <param name="LeastArguments">The minimum number of arguments.</param>
/// <param name="RunAsync">Runs the command and returns the exit code.</param>
internal sealed record Command(
    string Name, string Usage, string Help, string Options, int LeastArguments, Func<IXenStore, Arguments, TextWriter, Task<int>> RunAsync)
{
    /// <summary>All commands.</summary>
    public static readonly Command[] All =
    [
        new("read", "read [-p] [-R] PATH...", "prints values; -p with paths, -R raw", "pR", 1, ReadCommands.ReadAsync),
        new("list", "list [-p] PATH...", "prints the names of children; -p whole paths", "p", 1, ReadCommands.ListAsync),
        new("ls", "ls [-f] [-p] [PATH]", "prints a tree; -f whole paths, -p permissions", "fp", 0, TreeCommand.RunAsync),
        new("exists", "exists PATH...", "exits with 0 if all nodes exist", "", 1, ReadCommands.ExistsAsync),
        new("write", "write [-R] PATH VALUE [PATH VALUE]...", "writes values together; -R raw", "R", 2, WriteCommands.WriteAsync),
        new("rm", "rm [-t] PATH...", "removes nodes together; -t empty parents too", "t", 1, WriteCommands.RemoveAsync),
        new("chmod", "chmod [-r] PATH MODE...", "sets permissions, such as n0 r7; -r below too", "r", 2, WriteCommands.ChangeModeAsync),
        new("watch", "watch [-n COUNT] PATH...", "prints the paths of events", "n", 1, WatchCommand.RunAsync),
    ];
}
