using Actors.Dispatch.Domains;
using Actors.Sdk;
using Actors.Xen;
using Actors.XenStore;

namespace Actors.Host.Platforms;

/// <summary>
/// Monitors the pagers. It removes what they leave behind: at the start what is left of an earlier boot, and later that of each domain that
/// ends. When a pager ends on its own, the monitor has the target of its domain checked again, because no xenstore key reports that.
/// </summary>
internal sealed class PagerMonitor(HostServices services, XenHypervisor xen) : IAsyncDisposable
{
    private const string Released = "@releaseDomain";
    private const string Token = "clean-up";
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CheckForFirstEvery = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private readonly IWatchQueue _watches = services.Store.OpenWatchQueue();
    private readonly IActorLog _log = services.Log(null);
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    /// <summary>Removes what earlier pagers left behind, and starts to monitor.</summary>
    /// <returns>The number of domains.</returns>
    /// <exception cref="HypervisorException">The hypervisor cannot list the domains.</exception>
    public async Task<int> StartAsync(CancellationToken cancellation)
    {
        var domains = xen.RemoveStale(_log.Info);
        await _watches.AddIfMissingAsync(Released, Token, cancellation);
        _loop = Task.WhenAll(CleanUpAsync(), CheckAsync());
        return domains;
    }

    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        await _loop;
        await _watches.DisposeAsync();
        _stop.Dispose();
    }

    private Task CleanUpAsync() => ForeverAsync("cannot remove what a pager left behind", async () =>
    {
        // It is missing if the store rejected it after a reconnection.
        await _watches.AddIfMissingAsync(Released, Token, _stop.Token);
        await _watches.NextAsync(_stop.Token);
        xen.RemoveStale(_log.Debug);
    });

    private Task CheckAsync() => ForeverAsync("cannot check the pagers", async () =>
    {
        await Task.Delay(xen.HasPagers ? CheckEvery : CheckForFirstEvery, services.Time, _stop.Token);
        foreach (var (domid, why) in await xen.CheckPagersAsync(_stop.Token))
        {
            _log.Warn($"the pager of domain {domid} ended on its own: {why}");
            services.ReportHoldingsChanged(domid);
        }
    });

    private async Task ForeverAsync(string problem, Func<Task> work)
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
            catch (XenStoreConnectionException)
            {
                // The platform reports that the store is away. A request waits for seconds, so there is no pause.
            }
            catch (Exception error)
            {
                _log.Warn($"{problem}: {error.Message}");
                await Task.Delay(RetryAfter, services.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
