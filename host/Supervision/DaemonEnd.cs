using System.Runtime.InteropServices;
using Actors.Cli.CommandLine;
using Actors.Dispatch.Journal;
using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Host.Supervision;

/// <summary>
/// Makes sure that an end of the daemon which nobody requested has exit code 70 and a line in log and journal: an exception that nothing
/// caught, an exit that code in this process requested, and the decision of the watchdog. A requested stop has a deadline.
/// </summary>
internal sealed partial class DaemonEnd : IDisposable
{
    private static readonly TimeSpan StopAtMost = TimeSpan.FromSeconds(4.5);
    private static readonly TimeSpan ReportAtMost = TimeSpan.FromSeconds(2);

    // A timer would need the thread pool.
    private static readonly ManualResetEvent Never = new(false);

    private readonly IActorLog _log;
    private readonly IJournal _journal;
    private int _requested;

    /// <param name="log">The log of the host.</param>
    /// <param name="journal">The journal.</param>
    public DaemonEnd(IActorLog log, IJournal journal)
    {
        (_log, _journal) = (log, journal);
        AppDomain.CurrentDomain.ProcessExit += ProcessExits;
        AppDomain.CurrentDomain.UnhandledException += NothingCaught;
    }

    /// <summary>Describes what foreign code works in this process.</summary>
    public Func<string> InProgress { get; set; } = () => "the daemon was starting";

    /// <summary>Called once when a stop is requested.</summary>
    public Action Stopping { get; set; } = () => { };

    /// <summary>A stop was requested. Whatever has not ended soon is abandoned, and ends with the process.</summary>
    public void Request()
    {
        if (Interlocked.Exchange(ref _requested, 1) == 1)
            return;
        new Thread(() =>
        {
            Never.WaitOne(StopAtMost);
            Within(ReportAtMost, () => _log.Warn($"stopped: what did not end within {StopAtMost.TotalSeconds:0.0} s was abandoned; {InProgress()}"));
            Exit(ExitCode.Ok);
        })
        { IsBackground = true, Name = "stops the daemon" }.Start();
        Stopping();
    }

    /// <summary>Writes a line to log and journal, with a deadline: another thread may hold what that needs.</summary>
    public void Report(string outcome, string reason) => Within(ReportAtMost, () =>
    {
        _log.Warn(reason);
        _journal.Append(JournalEntry.OfDaemon(outcome, reason, TimeProvider.System.GetUtcNow()));
    });

    /// <summary>Ends the process now.</summary>
    public void Now(string reason)
    {
        Report("ended", reason);
        Exit(ExitCode.NotRequested);
    }

    /// <summary>The daemon has ended as it should, or has reported why not.</summary>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= ProcessExits;
        AppDomain.CurrentDomain.UnhandledException -= NothingCaught;
    }

    private void ProcessExits(object? sender, EventArgs e)
    {
        if (Volatile.Read(ref _requested) == 1)
            return;
        Report("ended", $"code in the daemon's process ended it with exit code {Environment.ExitCode}, which nobody requested; {InProgress()}");
        Environment.ExitCode = ExitCode.NotRequested;
    }

    private void NothingCaught(object? sender, UnhandledExceptionEventArgs e) =>
        Now($"an exception that nothing caught ended the daemon: {Printable.Of(Describe(e.ExceptionObject))}; {InProgress()}");

    // Its text can be foreign code.
    private static string Describe(object error)
    {
        try
        {
            return error.ToString() ?? "";
        }
        catch (Exception)
        {
            return error.GetType().Name;
        }
    }

    private static void Within(TimeSpan limit, Action action)
    {
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception)
            {
                // What cannot be reported must not prevent the end.
            }
        })
        { IsBackground = true, Name = "reports the end" };
        thread.Start();
        thread.Join(limit);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);
}
