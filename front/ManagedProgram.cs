using System.Runtime.InteropServices;
using Actors.Cli.CommandLine;

namespace Actors.Front;

/// <summary>The program with all commands, which needs .NET. It lies next to this one.</summary>
internal static partial class ManagedProgram
{
    private const string Name = "actors-daemon";

    /// <summary>Replaces this process by the program. Returns an exit code only if that fails.</summary>
    public static int Become(IReadOnlyList<string> arguments)
    {
        var path = Path.Combine(AppContext.BaseDirectory, Name);
        Execute(path, [path, .. arguments, null]);
        return Terminal.Fail(ExitCode.Failed, $"cannot start {path}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, string?[] arguments);
}
