using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Actors.Loading.Containment;

/// <summary>
/// The threads that plugins run on. Never the pool's: as long as a thread lives that was stopped, the runtime fails to stop others
/// (.NET 10). So one that was stopped ends at once; one that has nothing to do for a while ends as well.
/// </summary>
internal static class PluginThreads
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
            RunNext();
        }
    }

    // By itself, so that a thread which waits for more holds nothing of the plugin that it ran last.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RunNext()
    {
        if (Waiting.TryDequeue(out var work))
            work.Call.Lane.Execute(work);
    }
}
