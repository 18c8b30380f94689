using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using Actors.Isolation.Groups;
using Actors.Isolation.Wire;

namespace Actors.Isolation.Processes;

/// <summary>
/// A child process and the connection to it. One thread reads from it and waits for its end. Another one starts it and lives as long as it
/// does: the kernel kills a child when the thread that started it ends, so a child never outlives the daemon, however that ends.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing.")]
internal sealed class ChildProcess
{
    private static readonly TimeSpan ReapAtMost = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HalfFrameAtMost = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LastLinesAtMost = TimeSpan.FromMilliseconds(500);

    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<EndOfProcess> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LastLines _lines = new();
    private readonly CancellationTokenSource _stopReading = new();
    private Task _stderrEnded = Task.CompletedTask;
    private readonly ChildStart _start;
    private readonly Action<string> _stderr;
    private readonly Func<ChildProcess, Stream, SafeHandle, WireConnection> _connect;
    private readonly Lock _gate = new();
    private Process? _process;
    private ChildGroup? _group;
    private string? _killed;
    private bool _over;

    private ChildProcess(ChildStart start, string name, Func<ChildProcess, Stream, SafeHandle, WireConnection> connect, Action<string> stderr)
    {
        (_start, _connect, _stderr) = (start, connect, stderr);
        new Thread(Run) { IsBackground = true, Name = name, }.Start();
    }

    /// <summary>The connection; valid once <see cref="Started"/> is done.</summary>
    public WireConnection Connection { get; private set; } = null!;

    /// <summary>Completes when the process runs.</summary>
    public Task Started => _started.Task;

    /// <summary>Completes when the process has ended and every request to it has failed.</summary>
    public Task<EndOfProcess> Ended => _ended.Task;

    /// <summary>The process number; 0 before it runs.</summary>
    public int Id { get; private set; }

    /// <summary>What its cgroup lets it use; <see langword="null"/> if it has none of its own. Valid once <see cref="Started"/> is done.</summary>
    public GroupLimits? GroupLimits => _group?.Limits;

    /// <summary>Why it has no cgroup of its own although it should; <see langword="null"/> if there is no reason. Valid once <see cref="Started"/> is done.</summary>
    public string? GroupProblem { get; private set; }

    /// <param name="start">How it is started.</param>
    /// <param name="name">The name of its thread, for debuggers.</param>
    /// <param name="connect">Creates the connection from the pipes from and to the child.</param>
    /// <param name="stderr">Receives each line that it writes to stderr.</param>
    public static ChildProcess Start(ChildStart start, string name, Func<ChildProcess, Stream, SafeHandle, WireConnection> connect, Action<string> stderr) =>
        new(start, name, connect, stderr);

    /// <summary>Kills the process, unless it has ended. Of several reasons, the first counts.</summary>
    public void Kill(string why)
    {
        lock (_gate)
        {
            if (_over || _process is { HasExited: true })
                return;
            _killed ??= why;
            try
            {
                if (_process is { } process)
                    KillNow(process);
            }
            catch (InvalidOperationException)
            {
                // It has ended.
            }
        }
    }

    /// <summary>The private memory of the process, in bytes; 0 if it has ended.</summary>
    public long PrivateMemory => ProcessMemory.PrivateOf(Id);

    /// <summary>Whether it uses more shared memory than it may use private memory.</summary>
    public bool ExceedsSharedMemory => ProcessMemory.SharedOf(Id) > _start.MemoryBytes;

    private void Run()
    {
        try
        {
            var process = Begin();
            var problem = Connection.Run(() => new ChildEndedException());
            if (problem is not null && !(problem.AtEnd && process.WaitForExit(HalfFrameAtMost)))
                Kill($"it broke the protocol: {problem.Message}");
            End(process);
        }
        catch (Exception error)
        {
            // Nothing of the child remains that could be waited for.
            _group?.Remove();
            _started.TrySetException(error);
            _ended.TrySetResult(new EndOfProcess(-1, [error.Message], $"it could not be started: {error.Message}"));
        }
    }

    private Process Begin()
    {
        var process = new Process { StartInfo = _start.Info(Environment.ProcessId) };
        lock (_gate)
        {
            StartOnItsThread(process);
            _process = process;
            Id = process.Id;
            if (_killed is not null)
                KillNow(process);
        }
        EnterGroup(process.Id);
        _stderrEnded = StderrReader.ReadAsync(process.StandardError.BaseStream, Line, _stopReading.Token);
        Connection = _connect(this, process.StandardOutput.BaseStream, ((AnonymousPipeClientStream)process.StandardInput.BaseStream).SafePipeHandle);
        _started.TrySetResult();
        return process;
    }

    // The kernel checks whether the thread that ends may signal the child, so the thread acts as the user that the child becomes.
    private void StartOnItsThread(Process process)
    {
        var started = new TaskCompletionSource();
        new Thread(() =>
        {
            try
            {
                process.Start();
                if (_start.User is { } user)
                    ThreadUser.Become(user);
                started.SetResult();
            }
            catch (Exception error)
            {
                started.SetException(error);
                return;
            }
            _ended.Task.Wait();
        })
        { IsBackground = true, Name = "starts a process" }.Start();
        started.Task.GetAwaiter().GetResult();
    }

    // Before it has anything of the plugin.
    private void EnterGroup(int process)
    {
        if (_start.MakeGroup is not { } make)
            return;
        try
        {
            _group = make();
            _group.Add(process);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            GroupProblem = error.Message;
            _group?.Remove();
            _group = null;
        }
    }

    private void KillNow(Process process)
    {
        if (_start.User is { } user)
            ThreadUser.KillAs(user, process.Id);
        else
            process.Kill();
    }

    // The end of the stream is the news. A grandchild may hold stderr for much longer.
    private void End(Process process)
    {
        if (!process.WaitForExit(ReapAtMost))
        {
            Kill("it closed its connection and kept running");
            process.WaitForExit(ReapAtMost);
        }
        lock (_gate)
            _over = true;
        // What it wrote before it ended is still on its way.
        _stderrEnded.Wait(LastLinesAtMost);
        var end = new EndOfProcess(process.HasExited ? process.ExitCode : -1, _lines.All, _killed) { GroupRanOutOfMemory = _group?.RanOutOfMemory == true };
        _group?.Remove();
        _stopReading.Cancel();
        // The process does not close streams that were taken from it.
        process.StandardOutput.Dispose();
        process.StandardError.Dispose();
        process.Dispose();
        _ended.TrySetResult(end);
    }

    private void Line(string line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        _lines.Add(line);
        _stderr(line);
    }
}
