using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Domains;

namespace Actors.Sim.Paging;

/// <summary>Starts and stops the pager of one domain.</summary>
internal sealed class SimulatedPaging(SimulatedDomain domain, SimulationClock clock, PageFiles files, Func<Pager> start) : IPaging, IDisposable
{
    private volatile Pager? _pager;
    private Task _stopped = Task.CompletedTask;
    private bool _domainEnds;

    public bool Running => _pager is not null;

    public string? Fault { get; private set; }

    public Pages? FaultedIn => domain.FaultedIn;

    public async ValueTask StartAsync(CancellationToken cancellation = default) => await clock.CallAsync(async () =>
    {
        // A domain cannot have two pagers (EBUSY).
        await _stopped.WaitAsync(cancellation);
        if (_domainEnds)
            throw new DomainGoneException(domain.Domid);
        if (_pager is not null)
            return;
        if (PagerRefusal.Of(domain.Spec) is { } reason)
            throw new MechanismException(reason);
        if (domain.PagerDied && domain.Memory.PagedOut > Pages.Zero)
            throw new MechanismException($"{domain.Memory.PagedOut.ToKib()} were lost with the pager that died: restart the guest");
        files.Make(domain);
        domain.PagerDied = false;
        (Fault, _pager) = (null, start());
    });

    /// <summary>When the caller stops waiting, the pager still brings everything in and ends afterwards.</summary>
    public async ValueTask StopAsync(CancellationToken cancellation = default) => await clock.CallAsync(async () =>
    {
        if (_stopped.IsCompleted && _pager is { } pager)
            _stopped = StopAsync(pager);
        await _stopped.WaitAsync(cancellation);
    });

    /// <summary>The pager dies, and the pages that it had paged out are lost: only the pager knew where in its file each page is.</summary>
    public void Kill(string why)
    {
        if (_pager is null)
            return;
        (Fault, domain.PagerDied) = (why, true);
        End();
    }

    /// <summary>The domain is about to be destroyed: ends the pager permanently. A start that waits for a stop fails.</summary>
    public void Dispose()
    {
        _domainEnds = true;
        EndAndRemoveFile();
    }

    private void EndAndRemoveFile()
    {
        End();
        files.Remove(domain);
    }

    private void End()
    {
        // Disposing the pager completes a stop that waits for it, so the pager must be detached first.
        var pager = _pager;
        _pager = null;
        pager?.Dispose();
    }

    private async Task StopAsync(Pager pager)
    {
        await pager.EmptyAsync();
        if (_pager == pager)
            EndAndRemoveFile();
    }
}
