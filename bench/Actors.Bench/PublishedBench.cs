using System.Globalization;
using Actors.Peers;

namespace Actors.Bench;

/// <summary>The published build of this program, compiled ahead of time, for measurements that need a new process.</summary>
internal static class PublishedBench
{
    private static Task<string>? _path;

    public static Task<string> PathAsync() => _path ??= PublishAsync();

    public static async Task<(double Milliseconds, string How)> ProbeAsync(string program, string cacheFolder)
    {
        var result = await Programs.RunAsync(program, ["probe", cacheFolder], deadline: TimeSpan.FromMinutes(1));
        var words = result.Output.Trim().Split(' ');
        return result.ExitCode == 0
            ? (double.Parse(words[0], CultureInfo.InvariantCulture), words[1])
            : throw new InvalidOperationException($"the probe failed: {result.Error}");
    }

    private static async Task<string> PublishAsync()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "published");
        var project = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../Actors.Bench.csproj"));
        var result = await Programs.RunAsync(
            "dotnet",
            [
                "publish", project, "-c", "Release", "-r", "linux-x64", "--self-contained", "false", "-o", folder,
                "-p:PublishReadyToRun=true", "-p:RunAnalyzers=false", "-p:RestoreLockedMode=false", "-p:NuGetLockFilePath=obj/publish.lock.json",
            ],
            deadline: TimeSpan.FromMinutes(10));
        return result.ExitCode == 0 ? Path.Combine(folder, "Actors.Bench") : throw new InvalidOperationException($"dotnet publish: {result.Output}{result.Error}");
    }
}
