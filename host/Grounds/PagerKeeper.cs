using Actors.Sdk;
using Actors.Xen;
using Actors.XenStore;

namespace Actors.Host.Grounds;

/// <summary>Sweeps away what pagers leave behind: of an earlier life of this host at the start, and of each domain that ends.</summary>
internal sealed class PagerKeeper(IXenStore store, XenHypervisor xen, IActorLog log) : IAsyncDisposable
{
    private readonly IWatchQueue _watches = store.OpenWatchQueue();
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    /// <returns>How many domains there are.</returns>
    /// <exception cref="HypervisorException">The hypervisor does not list them.</exception>
    public async Task<int> StartAsync(CancellationToken cancellation)
    {
        var domains = xen.Sweep(log.Info);
        await _watches.AddAsync("@releaseDomain", "sweep", cancellation);
        _loop = LoopAsync();
        return domains;
    }

    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        await _loop;
        await _watches.DisposeAsync();
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        try
        {
            while (true)
            {
                await _watches.NextAsync(_stop.Token);
                Sweep();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private void Sweep()
    {
        try
        {
            xen.Sweep(log.Debug);
        }
        catch (Exception error) when (error is HypervisorException or IOException or UnauthorizedAccessException)
        {
            log.Warn($"what pagers left behind could not be removed: {error.Message}");
        }
    }
}
