using System.Diagnostics;
using System.Globalization;

namespace Actors.Host.Tests.Simulation;

/// <summary>The built program as a process: <c>actors run</c>, once it is ready for commands.</summary>
internal sealed class Daemon : IDisposable
{
    private readonly Process _process;

    private Daemon(Process process) => _process = process;

    /// <summary>The log lines so far.</summary>
    public List<string> Log { get; } = [];

    /// <summary>The processes that it started and that run.</summary>
    public IReadOnlyList<int> Children => [.. Directory.EnumerateDirectories($"/proc/{_process.Id}/task")
        .SelectMany(task => File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(int.Parse)];

    public static Task<Daemon> StartAsync(CancellationToken deadline, params string[] arguments) => StartUnderAsync([], deadline, arguments);

    /// <summary>Starts it through a program that changes what it may do.</summary>
    public static async Task<Daemon> StartUnderAsync(IReadOnlyList<string> launcher, CancellationToken deadline, params string[] arguments)
    {
        string[] line = [.. launcher, Path.Combine(ProgramFolder.Root, "actors"), "run", .. arguments];
        var start = new ProcessStartInfo(line[0], line[1..]) { RedirectStandardError = true };
        var daemon = new Daemon(Process.Start(start)!);
        try
        {
            do
                daemon.Log.Add(await daemon._process.StandardError.ReadLineAsync(deadline)
                    ?? throw new InvalidOperationException($"the daemon ended: {string.Join('\n', daemon.Log)}"));
            while (!daemon.Log[^1].Contains("its xenstore:", StringComparison.Ordinal));
            return daemon;
        }
        catch
        {
            daemon.Dispose();
            throw;
        }
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync(CancellationToken deadline)
    {
        _process.Kill();
        await _process.WaitForExitAsync(deadline);
    }

    /// <summary>Sends SIGTERM, collects the rest of the log and returns the exit code.</summary>
    public async Task<int> StopAsync(CancellationToken deadline)
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        Log.AddRange((await _process.StandardError.ReadToEndAsync(deadline)).Split('\n'));
        await _process.WaitForExitAsync(deadline);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
