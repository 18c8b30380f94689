using Actors.Dispatch.Domains;
using Actors.Dispatch.Retries;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Dispatch.Monitoring;

/// <summary>
/// Compares the states of all domains with what the hypervisor reports. A check costs one listing of all domains, whatever their number:
/// every second while something moves, and every 10 s at rest.
/// </summary>
internal sealed class FootprintMonitor(HostServices services, Func<IEnumerable<IMonitoredDomain>> domains, RetryQueue retries) : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private const int TicksAtRest = 10;

    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;
    private string? _problem;

    public void Start() => _loop = LoopAsync();

    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        await _loop;
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        try
        {
            for (var idle = 1; ; idle++)
            {
                await Task.Delay(Tick, services.Time, _stop.Token);
                if (idle < TicksAtRest && !domains().Any(domain => domain.IsRestless))
                    continue;
                idle = 0;
                await CheckAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task CheckAsync()
    {
        try
        {
            var infos = (await services.Hypervisor.ListDomainsAsync(_stop.Token)).ToDictionary(info => info.Domid);
            var known = new List<(IWaitingDomain, DomainInfo)>(infos.Count);
            foreach (var domain in domains())
            {
                if (!infos.TryGetValue(domain.Domid, out var info))
                    continue;
                domain.Check(info);
                known.Add((domain, info));
            }
            await retries.CheckAsync(known, _stop.Token);
            _problem = null;
        }
        catch (XenStoreConnectionException)
        {
            // The platform reports that xenstored is away.
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            if (error.Message != _problem)
                services.Log(null).Warn($"the domains cannot be monitored: {error.Message}; checking again every {Tick.TotalSeconds:0} s to {Tick.TotalSeconds * TicksAtRest:0} s");
            _problem = error.Message;
        }
    }
}
