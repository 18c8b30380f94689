using Actors.Cli.CommandLine;
using Actors.Cli.Settings;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Host.Logging;
using Actors.Host.Service;
using Actors.Sdk;
using Actors.Sdk.Text;
using Actors.Xen;
using Actors.Xen.Calls;
using Actors.Xen.Paging;
using Actors.XenStore;

namespace Actors.Host.Platforms;

/// <summary>The Xen host of this dom0.</summary>
internal sealed class XenPlatform : IPlatform
{
    private readonly DaemonLock _lock;
    private readonly XenStoreClient _store;
    private readonly XenHypervisor _xen;
    private readonly PagerMonitor _pagers;
    private readonly XenStoreEndpoint _endpoint;

    private XenPlatform(DaemonLock daemonLock, XenStoreClient store, XenStoreEndpoint endpoint, XenHypervisor xen, IJournal journal)
    {
        (_lock, _store, _endpoint, _xen) = (daemonLock, store, endpoint, xen);
        Services = new HostServices(store, xen, TimeProvider.System, journal, Log.For);
        _pagers = new PagerMonitor(Services, xen);
        var report = new StoreConnectionReport(Log.For(null), ServiceManager.Notify, () => Description);
        store.ConnectionChanged += (_, change) => report.Changed(change);
    }

    public HostServices Services { get; }

    public string Description { get; private set; } = "";

    public string StoreHint => _endpoint.ToString();

    public string ControlPath => HostPaths.ControlSocket;

    public string SettingsPath => HostPaths.Settings;

    public string MarkerPath => HostPaths.Markers;

    public Task Completion { get; } = new TaskCompletionSource().Task;

    /// <summary>Starts the platform. Waits for xenstored if it is away.</summary>
    /// <exception cref="CommandException">This system is not a dom0, or another daemon is running; the message says what to do.</exception>
    /// <exception cref="XenStoreConnectionException">The xenstore went away during the start.</exception>
    public static async Task<XenPlatform> StartAsync(IJournal journal, CancellationToken stop)
    {
        var calls = Open();
        DaemonLock? daemonLock = null;
        XenStoreClient? store = null;
        try
        {
            daemonLock = DaemonLock.Take(HostPaths.Lock);
            (var endpoint, store) = await new FirstConnection(Log.For(null), ServiceManager.Notify, TimeProvider.System).OpenAsync(ConnectAsync, stop);
            var platform = new XenPlatform(daemonLock, store, endpoint, new XenHypervisor(calls, store, new XenPagingProgram(), XenPagers.StandardFolder, TimeProvider.System), journal);
            await platform.BeginAsync(stop);
            return platform;
        }
        catch (Exception error)
        {
            calls.Dispose();
            daemonLock?.Dispose();
            if (store is not null)
                await store.DisposeAsync();
            throw error is HypervisorException ? new CommandException(ExitCode.Failed, error.Message) : error;
        }
    }

    /// <summary>Closes the connections. Pagers keep running, and the next daemon takes them over.</summary>
    public async ValueTask DisposeAsync()
    {
        await _pagers.DisposeAsync();
        await _store.DisposeAsync();
        _xen.Dispose();
        _lock.Dispose();
    }

    private async Task BeginAsync(CancellationToken stop)
    {
        var domains = await _pagers.StartAsync(stop);
        Description = $"{_xen.Description}, {Count.Of(domains - 1, "domain")} besides dom0";
    }

    // Each attempt looks for the path again, because the socket may not exist yet.
    private static async Task<(XenStoreEndpoint, XenStoreClient)> ConnectAsync(CancellationToken cancellation)
    {
        var endpoint = XenStoreEndpoint.Find();
        return (endpoint, await XenStoreClient.ConnectAsync(endpoint, cancellation: cancellation));
    }

    private static LibXenCall Open()
    {
        try
        {
            return LibXenCall.Open();
        }
        catch (HypervisorException error)
        {
            throw new CommandException(ExitCode.Failed, $"{error.Message}; 'actors doctor' shows more, and '--hypervisor sim' uses a simulated machine");
        }
    }
}
