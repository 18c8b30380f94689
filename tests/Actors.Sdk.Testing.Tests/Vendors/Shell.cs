using System.Diagnostics;

namespace Actors.Sdk.Testing.Tests.Vendors;

/// <summary>Runs commands like a vendor, in a new folder, with separate template settings and without a network.</summary>
internal sealed class Shell : IDisposable
{
    // Nothing listens there. A root user also gets a network namespace, in which there is nothing but this machine.
    private const string NoProxy = "http://127.0.0.1:9";

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("vendor-home-");

    public string Folder { get; } = Directory.CreateTempSubdirectory("vendor-").FullName;

    /// <summary>The root folder of the repository.</summary>
    public static string Repository { get; } = FindRepository();

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        _home.Delete(recursive: true);
    }

    public async Task<(int ExitCode, string Output)> RunAsync(string script, TimeSpan deadline)
    {
        string[] bash = ["bash", "-euo", "pipefail", "-c", $"exec 2>&1\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n{script}"];
        var start = new ProcessStartInfo(HasNamespaces ? "unshare" : "env", HasNamespaces ? ["--net", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh", .. bash] : bash)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            Environment =
            {
                ["ACTORS"] = Repository,
                ["NUGET_PACKAGES"] = Packages,
                ["DOTNET_CLI_HOME"] = _home.FullName,
                ["DOTNET_CLI_UI_LANGUAGE"] = "en",
                ["MSBUILDDISABLENODEREUSE"] = "1",
                ["HTTP_PROXY"] = NoProxy,
                ["HTTPS_PROXY"] = NoProxy,
                ["ALL_PROXY"] = NoProxy,
            },
        };
        using var process = Process.Start(start)!;
        using var late = new CancellationTokenSource(deadline);
        using var kill = late.Token.Register(() => process.Kill(entireProcessTree: true));
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }

    // The package folder of the machine, not one below the test's home folder.
    private static string Packages => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static bool HasNamespaces { get; } = Environment.IsPrivilegedProcess && File.Exists("/usr/sbin/ip") && Succeeds("unshare", "--net", "true");

    private static bool Succeeds(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Actors.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
