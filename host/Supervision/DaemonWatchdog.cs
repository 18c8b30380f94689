using System.Diagnostics.CodeAnalysis;
using Actors.Host.Service;
using Actors.Sdk;

namespace Actors.Host.Supervision;

/// <summary>
/// Watches the daemon from a thread of its own: whether the thread pool runs work, how much memory the process uses, and whether the start ends. It
/// also reports to systemd that the daemon is alive, but only while the pool answers.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Its thread lives as long as the process, and so do the events.")]
internal sealed class DaemonWatchdog
{
    // Reading the memory costs more than a probe, and it changes slowly.
    private const int MemoryEvery = 10;

    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(1);

    private readonly AutoResetEvent _answered = new(false);
    private readonly ManualResetEvent _stop = new(false);
    private readonly DaemonEnd _end;
    private readonly Kib _memoryLimit;
    private readonly Func<string> _inProgress;
    private readonly IActorLog _log;
    private volatile bool _ready;

    private DaemonWatchdog(DaemonEnd end, Kib memoryLimit, Func<string> inProgress, IActorLog log) =>
        (_end, _memoryLimit, _inProgress, _log) = (end, memoryLimit, inProgress, log);

    /// <summary>Starts to watch. A stop that was requested ends it.</summary>
    /// <param name="end">Ends the process when the pool stays starved.</param>
    /// <param name="memoryLimit">The memory of the process above which it is reported.</param>
    /// <param name="inProgress">Describes what foreign code works in this process.</param>
    /// <param name="log">Receives the reports.</param>
    public static DaemonWatchdog Start(DaemonEnd end, Kib memoryLimit, Func<string> inProgress, IActorLog log)
    {
        var watchdog = new DaemonWatchdog(end, memoryLimit, inProgress, log);
        new Thread(watchdog.Run) { IsBackground = true, Name = "watches the daemon", Priority = ThreadPriority.AboveNormal }.Start();
        return watchdog;
    }

    /// <summary>The daemon has started.</summary>
    public void Ready() => _ready = true;

    /// <summary>The daemon stops, which has a deadline of its own.</summary>
    public void Stop() => _stop.Set();

    private void Run()
    {
        var (condition, clock, memory) = (new DaemonCondition(), TimeProvider.System, Kib.Zero);
        var (before, asked) = (clock.GetTimestamp(), false);
        var untilMemory = 0;
        while (!_stop.WaitOne(0))
        {
            // An item that is still queued is the probe; a second one would only wait behind it.
            if (!asked)
                ThreadPool.UnsafeQueueUserWorkItem(static answered => answered.Set(), _answered, preferLocal: false);
            var answers = _answered.WaitOne(ProbeEvery);
            asked = !answers;
            if (answers)
                _stop.WaitOne(ProbeEvery);
            if (untilMemory-- <= 0)
                (memory, untilMemory) = (new Kib(Environment.WorkingSet >> 10), MemoryEvery);
            var sample = new DaemonSample(clock.GetElapsedTime(before), answers, memory, _ready);
            before = clock.GetTimestamp();
            (condition, var actions) = condition.After(sample, _memoryLimit);
            if (!_stop.WaitOne(0))
                Act(actions, condition, sample);
            if (answers)
                ServiceManager.NotifyAlive();
        }
    }

    private void Act(WatchdogActions actions, DaemonCondition condition, DaemonSample sample)
    {
        if (actions.HasFlag(WatchdogActions.ReportStarved))
            _end.Report("starved", $"the thread pool has run nothing for {condition.Starved.TotalSeconds:0} s, so no target is acted on; {Responsible()}");
        if (actions.HasFlag(WatchdogActions.ReportRecovered))
            _end.Report("recovered", "the thread pool runs again");
        if (actions.HasFlag(WatchdogActions.EndStarved))
            _end.Now($"the thread pool has run nothing for {condition.Starved.TotalSeconds:0} s, so the daemon ends, and systemd starts the next one; {Responsible()}");
        if (actions.HasFlag(WatchdogActions.ReportMemory))
            _end.Report("memory", $"the daemon uses {sample.Memory} of memory, more than {_memoryLimit} ('daemon_memory' in actors.yaml): {new Kib(GC.GetTotalMemory(false) >> 10)} in its managed heap; {_inProgress()}");
        if (actions.HasFlag(WatchdogActions.ReportMemoryBack))
            _log.Info($"the daemon uses {sample.Memory} of memory, less than its limit again");
        if (actions.HasFlag(WatchdogActions.ReportLateStart))
            _log.Warn($"the daemon is not ready after {condition.Starting.TotalSeconds:0} s; {_inProgress()}");
        if (actions.HasFlag(WatchdogActions.EndLateStart))
            _end.Now($"the daemon was not ready after {condition.Starting.TotalSeconds:0} s; {_inProgress()}");
    }

    private string Responsible() => $"{_inProgress()}; the pool has {ThreadPool.ThreadCount} threads and {ThreadPool.PendingWorkItemCount} items wait";
}
