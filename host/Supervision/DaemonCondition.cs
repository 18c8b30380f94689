using Actors.Sdk;

namespace Actors.Host.Supervision;

/// <summary>What the watchdog saw at one moment.</summary>
/// <param name="Elapsed">The time since the sample before.</param>
/// <param name="PoolAnswers">Whether the thread pool has run the last work item of the watchdog.</param>
/// <param name="Memory">The memory that the process has in use, managed and native.</param>
/// <param name="IsReady">Whether the daemon has started.</param>
internal sealed record DaemonSample(TimeSpan Elapsed, bool PoolAnswers, Kib Memory, bool IsReady);

/// <summary>What the watchdog does about a sample.</summary>
[Flags]
internal enum WatchdogActions
{
    None = 0,
    ReportStarved = 1,
    ReportRecovered = 2,
    EndStarved = 4,
    ReportMemory = 8,
    ReportMemoryBack = 16,
    ReportLateStart = 32,
    EndLateStart = 64,
}

/// <summary>The condition of the daemon, as its watchdog has seen it. Pure.</summary>
internal sealed record DaemonCondition
{
    /// <summary>How long the pool may not answer before that is reported.</summary>
    public static readonly TimeSpan ReportStarvedAfter = TimeSpan.FromSeconds(4);

    /// <summary>How long the pool may not answer before the daemon ends.</summary>
    public static readonly TimeSpan EndStarvedAfter = TimeSpan.FromSeconds(30);

    /// <summary>How long a start may take before that is reported.</summary>
    public static readonly TimeSpan ReportStartAfter = TimeSpan.FromMinutes(1);

    /// <summary>How long a start may take before the daemon ends; less than TimeoutStartSec of the unit, so that the reason is in the journal.</summary>
    public static readonly TimeSpan EndStartAfter = TimeSpan.FromSeconds(280);

    // If the whole process was stopped, that time says nothing about the pool.
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(2);

    /// <summary>For how long the pool has not answered.</summary>
    public TimeSpan Starved { get; init; }

    /// <summary>For how long the daemon has been starting.</summary>
    public TimeSpan Starting { get; init; }

    /// <summary>Whether the memory is reported as too much.</summary>
    public bool IsMemoryReported { get; init; }

    /// <summary>The condition after a sample, and what to do about it.</summary>
    public (DaemonCondition Next, WatchdogActions Actions) After(DaemonSample sample, Kib memoryLimit)
    {
        var step = sample.Elapsed < LongestStep ? sample.Elapsed : LongestStep;
        var next = this with
        {
            Starved = sample.PoolAnswers ? TimeSpan.Zero : Starved + step,
            Starting = sample.IsReady ? TimeSpan.Zero : Starting + step,
            // The amount moves around the limit, which would be reported again and again.
            IsMemoryReported = sample.Memory > memoryLimit || (IsMemoryReported && sample.Memory.Value > memoryLimit.Value * 9 / 10),
        };
        return (next,
            When(Passes(Starved, next.Starved, ReportStarvedAfter), WatchdogActions.ReportStarved)
            | When(Starved >= ReportStarvedAfter && sample.PoolAnswers, WatchdogActions.ReportRecovered)
            | When(Passes(Starved, next.Starved, EndStarvedAfter), WatchdogActions.EndStarved)
            | When(!IsMemoryReported && next.IsMemoryReported, WatchdogActions.ReportMemory)
            | When(IsMemoryReported && !next.IsMemoryReported, WatchdogActions.ReportMemoryBack)
            | When(Passes(Starting, next.Starting, ReportStartAfter), WatchdogActions.ReportLateStart)
            | When(Passes(Starting, next.Starting, EndStartAfter), WatchdogActions.EndLateStart));
    }

    private static bool Passes(TimeSpan before, TimeSpan after, TimeSpan limit) => before < limit && after >= limit;

    private static WatchdogActions When(bool condition, WatchdogActions action) => condition ? action : WatchdogActions.None;
}
