using Actors.Sdk;
using Actors.Sim.Clock;
using Actors.Sim.Domains;
using Actors.Sim.Specs;
using Actors.XenStore;

namespace Actors.Sim.Guests;

/// <summary>An agent in a guest that reports on the guest's memory in xenstore, through the guest's own connection.</summary>
internal sealed class ReportAgent(
    SimulatedDomain domain, ReclaimOrder guest, Workload workload, SimulationClock clock, TimeSpan booted, ReportSpec spec)
{
    private readonly KernelReserve _reserve = KernelReserve.Of(domain.Spec.Memory);
    private TimeSpan _stalled;
    private Kib _writtenUsed;

    /// <summary>Reports at an interval until the domain is destroyed or the store has released it.</summary>
    public async Task RunAsync(IXenStore store, CancellationToken cancellation)
    {
        while (true)
        {
            if (domain.State == DomainState.Running && !await TryReportAsync(store, cancellation))
                return;
            await Task.Delay(spec.Every, clock, cancellation);
            _stalled += spec.Every * workload.Missing;
        }
    }

    private async Task<bool> TryReportAsync(IXenStore store, CancellationToken cancellation)
    {
        var report = GuestReport.Of(
            domain.Memory, _reserve, workload.Anonymous, domain.Spec.Guest.Swap, guest.Swapped, clock.Elapsed - booted, _stalled);
        try
        {
            await WriteAsync(store, report.Times(spec.Factor), cancellation);
        }
        catch (XenStoreException)
        {
            // The toolstack removed the nodes; the next report may succeed.
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
        return true;
    }

    private async Task WriteAsync(IXenStore store, GuestReport report, CancellationToken cancellation)
    {
        if (spec.Writer == ReportWriter.Agent)
        {
            await store.WriteTextAsync(GuestReportKeys.Meminfo, report.Meminfo, cancellation);
            await store.WriteTextAsync(GuestReportKeys.Pressure, report.Pressure, cancellation);
        }
        else if (QubesReport.IsDue(_writtenUsed, report.Used, report.Total))
        {
            await store.WriteTextAsync(GuestReportKeys.Meminfo, $"{report.Used.Value}", cancellation);
            _writtenUsed = report.Used;
        }
    }
}
