using Actors.Cli.CommandLine;
using Actors.Cli.Control;
using Actors.Host.Daemon;
using Actors.Host.Platforms;
using Actors.Sdk;
using Actors.Xen;
using Actors.Xen.Calls;
using Actors.Xen.Paging;
using Actors.XenStore;

namespace Actors.Host.Recordings;

/// <summary>How the domains of a host are listed: by its daemon if one runs, otherwise by the hypervisor of this dom0.</summary>
internal sealed class RecordedHost : IDisposable
{
    private readonly PublishedHost? _daemon;
    private readonly XenHypervisor? _xen;

    private RecordedHost(PublishedHost? daemon, XenHypervisor? xen) => (_daemon, _xen) = (daemon, xen);

    /// <exception cref="CommandException">No daemon runs, and this is no dom0.</exception>
    public static async Task<RecordedHost> FindAsync(XenStoreClient store, CancellationToken cancellation)
    {
        var daemon = await PublishedHost.ReadAsync(store, cancellation);
        if (daemon.Running)
            return new RecordedHost(daemon, null);
        if (Dom0.Detect() is { IsDom0: false } other)
            throw new CommandException(ExitCode.Unreachable, $"no actors daemon is running here, and there is no Xen to ask: {other.Evidence}; 'actors run' starts a daemon");
        try
        {
            return new RecordedHost(null, new XenHypervisor(LibXenCall.Open(), store, new XenPagingProgram(), XenPagers.StandardFolder, TimeProvider.System));
        }
        catch (HypervisorException error)
        {
            throw new CommandException(ExitCode.Unreachable, $"{error.Message}; 'actors doctor' shows more");
        }
    }

    public Task<HostListing> ListAsync(CancellationToken cancellation) =>
        _daemon is not null ? HostListing.ReadAsync(_daemon, cancellation) : ListingVerb.ListAsync(_xen!, cancellation);

    public void Dispose() => _xen?.Dispose();
}
