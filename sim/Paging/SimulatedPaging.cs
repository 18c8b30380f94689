using Actors.Sdk;

namespace Actors.Sim;

/// <summary>Starts and stops the pager of one domain.</summary>
internal sealed class SimulatedPaging(SimulatedDomain domain, SimulationClock clock, Func<Pager> start) : IPaging, IDisposable
{
    private volatile Pager? _pager;
    private Task _stopped = Task.CompletedTask;

    public bool Running => _pager is not null;

    public async ValueTask StartAsync(CancellationToken cancellation = default) => await clock.CallAsync(async () =>
    {
        // Two pagers on one domain there cannot be (EBUSY).
        await _stopped.WaitAsync(cancellation);
        if (domain.Gone.IsCancellationRequested)
            throw new DomainGoneException(domain.Domid);
        _pager ??= start();
    });

    /// <summary>A caller that does not wait for the end leaves the pager to empty itself and to end then.</summary>
    public async ValueTask StopAsync(CancellationToken cancellation = default) => await clock.CallAsync(async () =>
    {
        if (_stopped.IsCompleted && _pager is { } pager)
            _stopped = StopAsync(pager);
        await _stopped.WaitAsync(cancellation);
    });

    public void Dispose()
    {
        _pager?.Dispose();
        _pager = null;
    }

    private async Task StopAsync(Pager pager)
    {
        await pager.EmptyAsync();
        if (_pager == pager)
            Dispose();
    }
}
