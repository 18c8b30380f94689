using System.Diagnostics;
using System.Globalization;

namespace Actors.Host.Tests.Simulation;

/// <summary>The built program as a process: <c>actors run</c>, once it is ready for commands.</summary>
internal sealed class Daemon : IDisposable
{
    private readonly Process _process;

    private Daemon(Process process) => _process = process;

    /// <summary>The number of the process.</summary>
    public int Id => _process.Id;

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

    /// <summary>Runs a daemon that ends on its own, and returns its exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments, CancellationToken deadline)
    {
        var start = new ProcessStartInfo(Path.Combine(ProgramFolder.Root, "actors"), ["run", .. arguments]) { RedirectStandardError = true };
        using var daemon = new Daemon(Process.Start(start)!);
        return await daemon.EndAsync(deadline);
    }

    /// <summary>Waits for a line of the log.</summary>
    public async Task LogsAsync(string text, CancellationToken deadline)
    {
        while (!Log.Any(line => line.Contains(text, StringComparison.Ordinal)))
            Log.Add(await _process.StandardError.ReadLineAsync(deadline) ?? throw new InvalidOperationException($"the daemon ended: {string.Join('\n', Log)}"));
    }

    /// <summary>Waits until it has ended on its own, collects the rest of the log and returns the exit code.</summary>
    public async Task<int> EndAsync(CancellationToken deadline)
    {
        Log.AddRange((await _process.StandardError.ReadToEndAsync(deadline)).Split('\n'));
        await _process.WaitForExitAsync(deadline);
        return _process.ExitCode;
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
        return await EndAsync(deadline);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
