using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Host.CommandLine;
using Actors.Host.Logging;
using Actors.Host.Settings;
using Actors.Sdk;
using Actors.Sdk.Text;
using Actors.Xen;
using Actors.Xen.Calls;
using Actors.Xen.Paging;
using Actors.XenStore;

namespace Actors.Host.Platforms;

/// <summary>The Xen host under this dom0.</summary>
internal sealed class XenPlatform : IPlatform
{
    private readonly DaemonLock _lock;
    private readonly XenStoreClient _store;
    private readonly XenHypervisor _xen;
    private readonly PagerKeeper _keeper;
    private readonly XenStoreEndpoint _endpoint;

    private XenPlatform(DaemonLock only, XenStoreClient store, XenStoreEndpoint endpoint, XenHypervisor xen, IJournal journal)
    {
        (_lock, _store, _endpoint, _xen) = (only, store, endpoint, xen);
        Ground = new HostServices(store, xen, TimeProvider.System, journal, Log.For);
        _keeper = new PagerKeeper(Ground, xen);
    }

    public HostServices Ground { get; }

    public string Description { get; private set; } = "";

    public string StoreHint => _endpoint.ToString();

    public string ControlPath => HostPaths.ControlSocket;

    public Task Completion { get; } = new TaskCompletionSource().Task;

    /// <exception cref="CommandException">This is no dom0, or another daemon has it; the message says what to do.</exception>
    /// <exception cref="XenStoreConnectionException">There is no xenstore.</exception>
    public static async Task<XenPlatform> StartAsync(IJournal journal, CancellationToken stop)
    {
        var door = Open();
        DaemonLock? only = null;
        XenStoreClient? store = null;
        try
        {
            only = DaemonLock.Take(HostPaths.Lock);
            var endpoint = XenStoreEndpoint.Find();
            store = await XenStoreClient.ConnectAsync(endpoint, cancellation: stop);
            var ground = new XenPlatform(only, store, endpoint, new XenHypervisor(door, store, new XenPagingProgram(), XenPagers.StandardFolder, TimeProvider.System), journal);
            await ground.BeginAsync(stop);
            return ground;
        }
        catch (Exception error)
        {
            door.Dispose();
            only?.Dispose();
            if (store is not null)
                await store.DisposeAsync();
            throw error is HypervisorException ? new CommandException(ExitCode.Failed, error.Message) : error;
        }
    }

    /// <summary>Pagers are left as they are: the next daemon takes them over.</summary>
    public async ValueTask DisposeAsync()
    {
        await _keeper.DisposeAsync();
        await _store.DisposeAsync();
        _xen.Dispose();
        _lock.Dispose();
    }

    private async Task BeginAsync(CancellationToken stop)
    {
        var domains = await _keeper.StartAsync(stop);
        Description = $"{_xen.Description}, {Count.Of(domains - 1, "domain")} beside dom0";
    }

    private static LibXenCall Open()
    {
        try
        {
            return LibXenCall.Open();
        }
        catch (HypervisorException error)
        {
            throw new CommandException(ExitCode.Failed, $"{error.Message}; 'actors doctor' tells more, and '--hypervisor sim' runs on a simulated machine");
        }
    }
}
