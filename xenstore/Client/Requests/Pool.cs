using System.Collections.Concurrent;

namespace Actors.XenStore.Client;

/// <summary>Keeps objects for reuse. It is bounded, so that the objects of a burst do not stay in memory.</summary>
internal static class Pool<T>
    where T : class
{
    private const int Most = 1024;
    private static readonly ConcurrentQueue<T> Idle = new();
    private static T? _first;

    public static T? Take()
    {
        var item = Interlocked.Exchange(ref _first, null);
        return item ?? (Idle.TryDequeue(out item) ? item : null);
    }

    public static void Return(T item)
    {
        if (Interlocked.CompareExchange(ref _first, item, null) is not null && Idle.Count < Most)
            Idle.Enqueue(item);
    }
}
