namespace Actors.Cli.CommandLine;

/// <summary>The exit codes of the program.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The command failed, or the footprint is short of the target.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>A configuration file, policy, scenario or plugin is invalid.</summary>
    public const int InvalidConfiguration = 3;

    /// <summary>The xenstore or the daemon cannot be reached.</summary>
    public const int Unreachable = 4;

    /// <summary>Only a part of the request was done.</summary>
    public const int Partial = 5;

    /// <summary>The daemon ended although nobody requested that (EX_SOFTWARE of sysexits.h).</summary>
    public const int NotRequested = 70;
}
