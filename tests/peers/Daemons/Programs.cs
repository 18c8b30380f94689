using System.Diagnostics;

namespace Actors.Peers;

/// <summary>Finds and runs the programs of the Xen packages.</summary>
internal static class Programs
{
    public const string XenUtils = "xen-utils-4.17";
    public const string XenStoreUtils = "xenstore-utils";

    private static readonly string[] Folders =
        ["/usr/lib/xen-4.17/bin", "/usr/libexec/xen/bin", "/usr/lib/xen/bin", "/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"];

    /// <summary>Returns the path of a program.</summary>
    /// <exception cref="MissingPeerException">The program is not installed. The message names its Debian package.</exception>
    public static string Find(string program, string package) =>
        Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
        ?? throw new MissingPeerException(program, package);

    /// <summary>Compiles C.</summary>
    /// <exception cref="MissingPeerException">The compiler or the Xen header is missing.</exception>
    public static async Task CompileAsync(params string[] arguments)
    {
        var compiler = Find("gcc", "gcc");
        if (!File.Exists("/usr/include/xenctrl.h"))
            throw new MissingPeerException("xenctrl.h", "libxen-dev");
        var result = await RunAsync(compiler, arguments, deadline: TimeSpan.FromMinutes(1));
        if (result.ExitCode != 0)
            throw new InvalidOperationException($"gcc {string.Join(' ', arguments)}: {result.Error}");
    }

    /// <summary>Runs a program until it exits.</summary>
    /// <exception cref="TimeoutException">The program did not exit by the deadline and was killed.</exception>
    public static async Task<ProgramResult> RunAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null,
        string? input = null, TimeSpan? deadline = null)
    {
        using var process = Start(program, arguments, environment, input is not null);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        using var timeout = new CancellationTokenSource(deadline ?? TimeSpan.FromSeconds(30), TimeProvider.System);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not exit. Its output was: {await output} {await error}");
        }
        return new ProgramResult(process.ExitCode, await output, await error);
    }

    /// <summary>Starts a program with its output redirected.</summary>
    public static Process Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, bool withInput = false)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = withInput,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}

/// <summary>The exit code and the output of a program.</summary>
internal sealed record ProgramResult(int ExitCode, string Output, string Error);
