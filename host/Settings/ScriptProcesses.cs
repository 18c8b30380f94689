using System.Reflection;
using Actors.Chains.Scripts.Processes;
using Actors.Cli.Settings;

namespace Actors.Host.Settings;

/// <summary>The processes for scripts, as commands start them.</summary>
internal static class ScriptProcesses
{
    /// <summary>The options for a command, whose messages go to the terminal.</summary>
    public static ScriptProcessOptions ForCommand { get; } = new(Program, User: null, _ => { }) { Blocks = true };

    /// <summary>This program, whatever hosts it.</summary>
    public static string Program => Assembly.GetEntryAssembly() == typeof(ScriptProcesses).Assembly && Path.GetFileName(Environment.ProcessPath) != "dotnet"
        ? Environment.ProcessPath!
        : HostPaths.Beside("actors");
}
