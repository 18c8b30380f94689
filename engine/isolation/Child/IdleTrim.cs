using System.Diagnostics.CodeAnalysis;
using System.Runtime;
using System.Runtime.InteropServices;

namespace Actors.Isolation.Child;

/// <summary>
/// Gives memory back to the system when a child has had no request for a while. The runtime collects garbage only when the program allocates,
/// so an idle child would keep what its start and its last calls needed.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "It lives as long as the process.")]
internal sealed partial class IdleTrim
{
    private static readonly TimeSpan After = TimeSpan.FromSeconds(2);

    private readonly Timer _timer;
    private int _requests;
    private int _seen;
    private int _armed;

    public IdleTrim() => _timer = new Timer(_ => Check(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Notes that there is work.</summary>
    public void Note()
    {
        Interlocked.Increment(ref _requests);
        if (Interlocked.Exchange(ref _armed, 1) == 0)
            Arm();
    }

    private void Arm()
    {
        _seen = Volatile.Read(ref _requests);
        _timer.Change(After, Timeout.InfiniteTimeSpan);
    }

    private void Check()
    {
        if (Volatile.Read(ref _requests) != _seen)
        {
            Arm();
            return;
        }
        Volatile.Write(ref _armed, 0);
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _ = TrimNative(0);
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimNative(nuint keep);
}
