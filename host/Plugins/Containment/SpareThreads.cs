using System.Collections.Concurrent;

namespace Actors.Host.Plugins.Containment;

/// <summary>
/// Threads for work that came to a thread of the pool which had been stopped before: the runtime stops a thread once and never
/// again. A spare thread that was stopped ends; one that has nothing to do for a while ends as well.
/// </summary>
internal static class SpareThreads
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(20);
    private static readonly ConcurrentQueue<LaneWork> Waiting = new();
    private static readonly SemaphoreSlim Come = new(0);
    private static int _idle;

    public static void Queue(LaneWork work)
    {
        Waiting.Enqueue(work);
        if (Volatile.Read(ref _idle) < Waiting.Count)
            new Thread(Run) { IsBackground = true, Name = "runs plugins" }.Start();
        Come.Release();
    }

    private static void Run()
    {
        while (!Slice.ThreadIsSpent)
        {
            Interlocked.Increment(ref _idle);
            var came = Come.Wait(Idle);
            Interlocked.Decrement(ref _idle);
            if (!came)
                return;
            if (Waiting.TryDequeue(out var work))
                work.Call.Lane.Execute(work);
        }
    }
}
