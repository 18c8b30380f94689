using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Actors.XenVm.Tests;

/// <summary>
/// A real Xen under QEMU that runs scenarios in its dom0, one after the other (see tests/xen/run). One boot serves them all;
/// each test waits for the verdict on its own.
/// </summary>
internal sealed class XenMachine : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _scratch;
    private readonly Dictionary<string, TaskCompletionSource<Verdict>> _verdicts;
    private readonly ConcurrentQueue<string> _troubles = [];
    private readonly Task _reading;

    private XenMachine(Process process, string scratch, IEnumerable<string> scenarios)
    {
        (_process, _scratch) = (process, scratch);
        _verdicts = scenarios.ToDictionary(name => name, _ => new TaskCompletionSource<Verdict>());
        _reading = Task.WhenAll(ReadAsync(), ReadTroublesAsync());
    }

    /// <summary>Begins to boot.</summary>
    /// <param name="folder">The folder of the scenarios.</param>
    /// <param name="store">The xenstore daemon of the dom0: xenstored or oxenstored.</param>
    public static XenMachine Boot(string folder, string store)
    {
        var start = new ProcessStartInfo(Path.Combine(Scenarios.Home, "run")) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] options = ["-s", store, "-o", Path.Combine(TestContext.CurrentContext.WorkDirectory, $"xen-{store}")];
        foreach (var argument in options.Concat(Scenarios.In(folder).Select(name => Scenarios.Script(folder, name))))
            start.ArgumentList.Add(argument);
        var scratch = Directory.CreateTempSubdirectory("xen-").FullName;
        start.Environment["XENVM_SCRATCH"] = scratch;
        return new XenMachine(Process.Start(start)!, scratch, Scenarios.In(folder));
    }

    /// <summary>How a scenario went, once it has been its turn.</summary>
    public Task<Verdict> VerdictAsync(string scenario) => _verdicts[scenario].Task;

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _reading;
        _process.Dispose();
        Directory.Delete(_scratch, recursive: true);
    }

    private Verdict NoVerdict(IEnumerable<string> transcript) =>
        new(_process.ExitCode == 0 ? -1 : _process.ExitCode,
            $"the machine ended with status {_process.ExitCode} before it was this one's turn\n{string.Join('\n', transcript.Concat(_troubles))}");

    private async Task ReadAsync()
    {
        var transcript = new List<string>();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Split(' ') is ["verdict", var name, var status, var seconds])
            {
                _verdicts[name].SetResult(new Verdict(int.Parse(status, CultureInfo.InvariantCulture), $"{string.Join('\n', transcript)}\n{seconds} s"));
                transcript.Clear();
            }
            else
            {
                transcript.Add(line);
            }
        }
        await _process.WaitForExitAsync();
        foreach (var verdict in _verdicts.Values)
            verdict.TrySetResult(NoVerdict(transcript));
    }

    private async Task ReadTroublesAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
            _troubles.Enqueue(line);
    }
}

/// <summary>How a scenario went, and what it said.</summary>
/// <param name="Status">0 when it passed.</param>
/// <param name="Transcript">Its own words, or why it has none.</param>
internal sealed record Verdict(int Status, string Transcript);
