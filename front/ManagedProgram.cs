using System.Runtime.InteropServices;
using Actors.Cli.CommandLine;

namespace Actors.Front;

/// <summary>The program with all commands, which needs .NET. It lies next to this one.</summary>
internal static partial class ManagedProgram
{
    private const string Name = "actors-daemon";
    private const int SigPipe = 13;
    private const nint DefaultHandler = 0;

    /// <summary>Replaces this process by the program. Returns an exit code only if that fails.</summary>
    public static int Become(IReadOnlyList<string> arguments)
    {
        // .NET ignores SIGPIPE, and the program and its children would inherit that.
        SetHandler(SigPipe, DefaultHandler);
        var path = Path.Combine(AppContext.BaseDirectory, Name);
        Execute(path, [path, .. arguments, null]);
        return Terminal.Fail(ExitCode.Failed, $"cannot start {path}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, string?[] arguments);
}
