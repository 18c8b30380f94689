using Actors.Dispatch.Domains;
using Actors.Sdk;
using Actors.Xen;
using Actors.XenStore;

namespace Actors.Host.Platforms;

/// <summary>
/// Looks after pagers: sweeps away what they leave behind, of an earlier life of this host at the start and of each domain that ends, and
/// has the target of a domain taken up again whose pager ended by itself, because nothing else tells of that.
/// </summary>
internal sealed class PagerKeeper(HostServices ground, XenHypervisor xen) : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookForTheFirst = TimeSpan.FromSeconds(10);

    private readonly IWatchQueue _watches = ground.Store.OpenWatchQueue();
    private readonly IActorLog _log = ground.Log(null);
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    /// <returns>How many domains there are.</returns>
    /// <exception cref="HypervisorException">The hypervisor does not list them.</exception>
    public async Task<int> StartAsync(CancellationToken cancellation)
    {
        var domains = xen.RemoveStale(_log.Info);
        await _watches.AddAsync("@releaseDomain", "sweep", cancellation);
        _loop = Task.WhenAll(SweepAsync(), LookAsync());
        return domains;
    }

    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        await _loop;
        await _watches.DisposeAsync();
        _stop.Dispose();
    }

    private Task SweepAsync() => ForeverAsync("what pagers left behind could not be removed", async () =>
    {
        await _watches.NextAsync(_stop.Token);
        xen.RemoveStale(_log.Debug);
    });

    private Task LookAsync() => ForeverAsync("the pagers could not be looked after", async () =>
    {
        await Task.Delay(xen.HasPagers ? LookEvery : LookForTheFirst, ground.Time, _stop.Token);
        foreach (var (domid, why) in await xen.CheckPagersAsync(_stop.Token))
        {
            _log.Warn($"the pager of domain {domid} ended by itself: {why}");
            ground.ReportHoldingsChanged(domid);
        }
    });

    private async Task ForeverAsync(string trouble, Func<Task> work)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await work();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // Stopped.
            }
            catch (Exception error) when (error is HypervisorException or IOException or UnauthorizedAccessException)
            {
                _log.Warn($"{trouble}: {error.Message}");
            }
        }
    }
}
