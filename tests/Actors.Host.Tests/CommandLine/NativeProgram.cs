using System.Diagnostics;
using Actors.Host.Tests.Loading;

namespace Actors.Host.Tests.CommandLine;

/// <summary>The native program as in a package: next to it, under its other name, the managed one.</summary>
internal sealed class NativeProgram
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private readonly string _folder;
    private readonly string _store;

    private NativeProgram(string folder, string store) => (_folder, _store) = (folder, store);

    public static string Managed => Path.Combine(ProgramFolder.Root, "actors");

    public string Native => Path.Combine(_folder, "actors");

    /// <summary>Compiles it into a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="store">The xenstore of the command lines.</param>
    public static async Task<NativeProgram> CompileAsync(string folder, string store)
    {
        NativeCode.NeedsCompiler();
        var program = new NativeProgram(folder, store);
        var compiled = await program.RunAsync(Path.Combine(ProgramFolder.Packaging, "native.sh"), ["front", program.Native], TimeSpan.FromMinutes(15), null);
        Assert.That(compiled.ExitCode, Is.Zero, compiled.Screen);
        File.CreateSymbolicLink(Path.Combine(folder, "actors-daemon"), Managed);
        return program;
    }

    /// <summary>Runs a command line in one of the two programs.</summary>
    /// <param name="program">The program.</param>
    /// <param name="line">The arguments.</param>
    /// <param name="meanwhile">Runs next to it, with its process; <see langword="null"/> if nothing does.</param>
    public Task<CommandLineRun> RunAsync(string program, IReadOnlyList<string> line, Func<Process, Task>? meanwhile = null) =>
        RunAsync(program, line, Longest, meanwhile);

    /// <summary>Runs a shell script whose <c>$0</c> is one of the two programs.</summary>
    public Task<CommandLineRun> RunScriptAsync(string program, string script) => RunAsync("/bin/bash", ["-o", "pipefail", "-c", script, program]);

    private async Task<CommandLineRun> RunAsync(string program, IReadOnlyList<string> line, TimeSpan limit, Func<Process, Task>? meanwhile)
    {
        using var deadline = new CancellationTokenSource(limit, TimeProvider.System);
        var start = new ProcessStartInfo(program, line) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        start.Environment["XENSTORED_PATH"] = _store;
        using var process = Process.Start(start)!;
        try
        {
            var (output, messages) = (process.StandardOutput.ReadToEndAsync(deadline.Token), process.StandardError.ReadToEndAsync(deadline.Token));
            if (meanwhile is not null)
                await meanwhile(process).WaitAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return new CommandLineRun(process.ExitCode, await output, await messages);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', line.Select(word => $"'{word}'"))} did not end");
        }
    }
}
