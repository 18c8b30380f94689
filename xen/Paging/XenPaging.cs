using Actors.Sdk;

namespace Actors.Xen.Paging;

/// <summary>The xenpaging of one domain: started, watched, and ended with every page back in the guest.</summary>
internal sealed class XenPaging(int domid, IPagingProgram program, string pageFile, string logFile, TimeProvider time, Action notBuilt) : IPaging
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(30);

    private IPagerProcess? _process = program.Find(domid);

    public bool Running => _process is { Alive: true };

    public string? Fault => _process is { Alive: false } ? PagerReasons.OfLog(Words()) : null;

    public async ValueTask StartAsync(CancellationToken cancellation = default)
    {
        if (Running)
            return;
        File.Delete(pageFile);
        _process = program.Start(domid, pageFile, logFile);
        await UntilPagingAsync(_process, cancellation);
    }

    public async ValueTask StopAsync(CancellationToken cancellation = default)
    {
        _process?.Terminate();
        while (Running)
            await Task.Delay(Look, time, cancellation);
        _process = null;
        File.Delete(pageFile);
        File.Delete(logFile);
    }

    // The page file is the last thing that it opens before it begins (tools/xenpaging/xenpaging.c, xenpaging_init).
    private async Task UntilPagingAsync(IPagerProcess process, CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        while (!File.Exists(pageFile))
        {
            var reason = !process.Alive ? PagerReasons.OfLog(Words())
                : time.GetElapsedTime(begun) > StartsWithin ? $"xenpaging has not begun within {StartsWithin.TotalSeconds:0} s" : null;
            if (reason is not null)
            {
                process.Terminate();
                _process = null;
                if (reason == PagerReasons.NotBuilt)
                    notBuilt();
                throw new MechanismException(reason);
            }
            await Task.Delay(Look, time, cancellation);
        }
    }

    private string Words()
    {
        try
        {
            return File.ReadAllText(logFile);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
