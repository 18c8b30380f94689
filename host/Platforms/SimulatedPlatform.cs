using Actors.Cli.CommandLine;
using Actors.Cli.Settings;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Files;
using Actors.Dispatch.Journal;
using Actors.Host.Logging;
using Actors.Host.Simulation;
using Actors.Sdk;
using Actors.Sdk.Text;
using Actors.Sim.Clock;
using Actors.Sim.Persistence;
using Actors.Sim.Scenarios;
using Actors.XenStore;
using Actors.XenStore.Server;

namespace Actors.Host.Platforms;

/// <summary>A simulated machine that serves its xenstore on a socket and survives a daemon that is killed.</summary>
internal sealed class SimulatedPlatform : IPlatform
{
    private readonly XenStoreServer _server;
    private readonly MachinePersistence _persistence;
    private readonly CancellationTokenRegistration _off;
    private readonly SimulatedMachine _machine;
    private readonly RealTimeLoop _loop;
    private readonly CancellationToken _stop;
    private int _domains;

    private SimulatedPlatform(XenStoreServer server, Scenario scenario, bool fresh, IJournal journal, CancellationToken stop)
    {
        var log = Log.For(null);
        (_server, _stop) = (server, stop);
        var file = $"{server.SocketPath}.machine";
        var problem = RegularFile.Problem(file);
        if (problem is not null)
            log.Warn($"starting a new simulated machine; the file of an earlier one cannot be used: {problem}");
        _persistence = new MachinePersistence(file, scenario, fresh || problem is not null, log.Warn);
        _off = stop.Register(_persistence.SwitchOff);
        if (!_persistence.Resumes)
            RemoveSettings();
        _machine = new SimulatedMachine(new SimulationClock(TimeProvider.System.GetUtcNow()), scenario, log.Debug, _persistence.Nodes);
        _loop = new RealTimeLoop(_machine.Clock);
        Services = new HostServices(_machine.Store.Connect(0), _machine.Host, TimeProvider.System, journal, Log.For);
        _machine.Host.PagerDied += (domid, why) =>
        {
            log.Warn($"the pager of domain {domid} ended on its own: {why}");
            Services.ReportHoldingsChanged(domid);
        };
    }

    public HostServices Services { get; }

    public string Description => $"{_machine.Host.Description}, {Count.Of(_domains, "domain")}";

    public string StoreHint => $"export XENSTORED_PATH={_server.SocketPath}";

    public string ControlPath => $"{_server.SocketPath}.control";

    public string SettingsPath => $"{_server.SocketPath}.settings";

    public string MarkerPath => $"{_server.SocketPath}.in-progress";

    public Task Completion => _loop.Completion;

    /// <exception cref="CommandException">The socket is not available, or the machine of a killed daemon cannot continue.</exception>
    public static async Task<SimulatedPlatform> StartAsync(Scenario scenario, string socket, bool fresh, IJournal journal, CancellationToken stop)
    {
        // The socket comes first: the process that holds it owns the machine file next to it, and clients wait until the machine is complete.
        var platform = new SimulatedPlatform(Bind(socket), scenario, fresh, journal, stop);
        try
        {
            await platform.BeginAsync(scenario, stop);
            return platform;
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _loop.DisposeAsync();
        await _off.DisposeAsync();
        _persistence.Dispose();
        if (_stop.IsCancellationRequested)
            RemoveSettings();
        await _server.DisposeAsync();
    }

    private async Task BeginAsync(Scenario scenario, CancellationToken stop)
    {
        try
        {
            var resumed = await _persistence.BeginAsync(_machine.Host, _machine.Run, stop);
            if (resumed is not null)
                Log.For(null).Info($"resumed the simulated machine of the daemon that was killed, with {Count.Of(resumed.Value, "domain")}; to switch the machine off, stop this daemon with Ctrl-C or SIGTERM");
            _domains = resumed ?? scenario.Domains.Count;
            _server.Serve(_machine.Store);
        }
        catch (Exception error) when (_persistence.Resumes && error is HypervisorException or XenStoreException)
        {
            throw new CommandException(ExitCode.Failed, $"the simulated machine cannot continue: {error.Message}; 'actors run --fresh' starts a new one");
        }
    }

    // The domains of another machine can have the same UUIDs.
    private void RemoveSettings()
    {
        if (RegularFile.Problem(SettingsPath) is null)
            File.Delete(SettingsPath);
    }

    private static XenStoreServer Bind(string socket)
    {
        try
        {
            if (socket == HostPaths.Socket)
                Directory.CreateDirectory(Path.GetDirectoryName(socket)!);
            return XenStoreServer.Bind(socket);
        }
        catch (XenStoreServerException error)
        {
            throw new CommandException(ExitCode.Failed, error.Message);
        }
    }
}
