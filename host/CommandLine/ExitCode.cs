namespace Actors.Host.CommandLine;

/// <summary>What the program ends with.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>It failed, or the footprint is short of the target.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>A file is wrong.</summary>
    public const int InvalidConfiguration = 3;

    /// <summary>No xenstore, or no daemon.</summary>
    public const int Unreachable = 4;

    /// <summary>Some of it was done.</summary>
    public const int Partly = 5;
}

/// <summary>Ends a command with a message for a person.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
