using Actors.Sdk.Text;

namespace Actors.Cli.CommandLine;

/// <summary>Ends a command with an exit code and a message for the operator, of one or more lines.</summary>
internal sealed class CommandException(int exitCode, IEnumerable<string> lines)
    : Exception(string.Join('\n', lines.Select(line => Printable.Of(line, Terminal.LongestLine))))
{
    public CommandException(int exitCode, string message)
        : this(exitCode, [message])
    {
    }

    public int ExitCode { get; } = exitCode;
}
