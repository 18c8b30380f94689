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
    private static readonly ConcurrentQueue<SlotWork> Waiting = new();
    private static readonly SemaphoreSlim Arrived = new(0);

    // How many threads wait that no queued work counts on.
    private static int _spare;

    public static void Queue(SlotWork work)
    {
        Waiting.Enqueue(work);
        if (!TryTakeSpare())
            new Thread(Run) { IsBackground = true, Name = "runs plugins" }.Start();
        Arrived.Release();
    }

    private static void Run()
    {
        while (true)
        {
            if (!Arrived.Wait(Idle))
            {
                if (TryTakeSpare())
                    return;
                continue;
            }
            RunNext();
            if (ExecutionSlot.ThreadMustEnd)
                return;
            Interlocked.Increment(ref _spare);
        }
    }

    private static bool TryTakeSpare()
    {
        for (var spare = Volatile.Read(ref _spare); spare > 0; spare = Volatile.Read(ref _spare))
        {
            if (Interlocked.CompareExchange(ref _spare, spare - 1, spare) == spare)
                return true;
        }
        return false;
    }

    // A method of its own, so that a thread which waits for more work references nothing of the plugin that it ran last.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RunNext()
    {
        if (Waiting.TryDequeue(out var work))
            work.Work.Call.Lane.Execute(work);
    }
}
