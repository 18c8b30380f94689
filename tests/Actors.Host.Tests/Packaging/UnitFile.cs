using System.Diagnostics;

namespace Actors.Host.Tests.Packaging;

/// <summary>The systemd unit in the package.</summary>
internal static class UnitFile
{
    public static string Path { get; } = System.IO.Path.Combine(ProgramFolder.Packaging, "systemd", "actors.service");

    /// <summary>The values of a setting.</summary>
    public static IReadOnlyList<string> Values(string key) =>
        [.. File.ReadLines(Path).Where(line => line.StartsWith($"{key}=", StringComparison.Ordinal)).Select(line => line[(key.Length + 1)..])];

    /// <summary>The capabilities that the unit leaves, as setpriv expects them.</summary>
    public static string BoundingSet => string.Concat(["-all", .. Values("CapabilityBoundingSet").Single().Split(' ').Select(name => $",+{name["CAP_".Length..].ToLowerInvariant()}")]);

    /// <summary>Runs a program of the system and returns what it prints. Without it, the test is skipped, except in CI.</summary>
    public static async Task<string> RunAsync(string program, string package, params string[] arguments)
    {
        Needs(program, package);
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, await errors);
        return await output;
    }

    public static void Needs(string program, string package)
    {
        if (!File.Exists($"/usr/bin/{program}") && Environment.GetEnvironmentVariable("CI") != "true")
            Assert.Ignore($"needs {program} (apt: {package})");
    }
}
