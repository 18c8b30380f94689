using Actors.Sdk;

namespace Actors.Xen.Paging;

/// <summary>The xenpaging of one domain: started, watched, and ended with every page back in the guest.</summary>
/// <param name="domid">The domain.</param>
/// <param name="program">Starts it, and finds one that an earlier host started.</param>
/// <param name="files">Its files.</param>
/// <param name="time">All time.</param>
/// <param name="refusal">Why it must not be started now; <see langword="null"/> when it may.</param>
internal sealed class XenPaging(int domid, IPagingProgram program, PagerFiles files, TimeProvider time, Func<int, string?> refusal) : IPaging
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(30);

    private IPagerProcess? _process = program.Find(domid);
    private long _heard;

    public int Domid => domid;

    public PagerFiles Files => files;

    public bool Running => _process is { Alive: true };

    public string? Fault => _process switch
    {
        null => null,
        { Alive: true } => PagerReasons.DiskFull(files.Words(_heard), files.Page),
        _ => PagerReasons.OfLog(files.Words()),
    };

    public async ValueTask StartAsync(CancellationToken cancellation = default)
    {
        _heard = files.LogLength;
        if (Running)
            return;
        if (refusal(domid) is { } reason)
            throw new MechanismException(reason);
        files.Remove();
        _heard = 0;
        _process = program.Start(domid, files.Page, files.Log);
        await UntilPagingAsync(_process, cancellation);
    }

    public async ValueTask StopAsync(CancellationToken cancellation = default)
    {
        _process?.Terminate();
        while (Running)
            await Task.Delay(Look, time, cancellation);
        _process = null;
        files.Remove();
    }

    // The page file is the last thing that it opens before it begins (tools/xenpaging/xenpaging.c, xenpaging_init).
    private async Task UntilPagingAsync(IPagerProcess process, CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        while (!File.Exists(files.Page) || !process.Alive)
        {
            var reason = !process.Alive ? PagerReasons.OfLog(files.Words())
                : time.GetElapsedTime(begun) > StartsWithin ? $"xenpaging has not begun within {StartsWithin.TotalSeconds:0} s" : null;
            if (reason is not null)
            {
                process.Terminate();
                _process = null;
                throw new MechanismException(reason);
            }
            await Task.Delay(Look, time, cancellation);
        }
    }
}
