using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Actors.Loading.Containment;

/// <summary>
/// The threads that plugins run on. They are never the pool's: while a thread that was stopped lives, the runtime fails to stop others
/// (.NET 10). So a thread that was stopped ends at once. One that has been idle for a while ends as well.
/// </summary>
internal static class PluginThreads
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(20);
    private static readonly ConcurrentQueue<LaneWork> Waiting = new();
    private static readonly SemaphoreSlim Arrived = new(0);
    private static int _idle;

    public static void Queue(LaneWork work)
    {
        Waiting.Enqueue(work);
        if (Volatile.Read(ref _idle) < Waiting.Count)
            new Thread(Run) { IsBackground = true, Name = "runs plugins" }.Start();
        Arrived.Release();
    }

    private static void Run()
    {
        while (!ExecutionSlot.ThreadMustEnd)
        {
            Interlocked.Increment(ref _idle);
            var arrived = Arrived.Wait(Idle);
            Interlocked.Decrement(ref _idle);
            if (!arrived)
                return;
            RunNext();
        }
    }

    // A method of its own, so that a thread which waits for more work references nothing of the plugin that it ran last.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RunNext()
    {
        if (Waiting.TryDequeue(out var work))
            work.Call.Lane.Execute(work);
    }
}
