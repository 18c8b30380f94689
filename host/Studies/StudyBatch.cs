using Actors.Host.Daemon;
using Actors.Sim.Studies;

namespace Actors.Host.Studies;

/// <summary>Plays all runs of a study, several at a time. The results do not depend on how many.</summary>
internal static class StudyBatch
{
    /// <summary>Plays the runs and returns those that have finished, in the order of the study.</summary>
    /// <param name="study">The study.</param>
    /// <param name="options">The settings of the daemon.</param>
    /// <param name="jobs">How many runs are played at a time.</param>
    /// <param name="overTime">Whether the runs are also recorded over time.</param>
    /// <param name="finished">Called with the number of finished runs, one call at a time.</param>
    /// <param name="stop">Stops the study; runs that have finished are kept.</param>
    public static IReadOnlyList<StudyResult> Play(Study study, HostOptions options, int jobs, bool overTime, Action<int> finished, CancellationToken stop)
    {
        var cases = study.Cases;
        var results = new StudyResult?[cases.Count];
        var (next, done, gate) = (-1, 0, new Lock());
        Exception? failure = null;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var workers = Enumerable.Range(0, Math.Min(jobs, cases.Count)).Select(_ => new Thread(Work)).ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());
        return failure is null ? [.. results.OfType<StudyResult>()] : throw failure;

        void Work()
        {
            try
            {
                for (var index = Interlocked.Increment(ref next); index < cases.Count && !ended.IsCancellationRequested; index = Interlocked.Increment(ref next))
                {
                    results[index] = StudyRun.Play(cases[index], study.Length, options, overTime, ended.Token);
                    lock (gate)
                        finished(++done);
                }
            }
            catch (OperationCanceledException)
            {
                // The run that was in progress is dropped.
            }
            catch (Exception error)
            {
                failure = error;
                ended.Cancel();
            }
        }
    }
}
