using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Host.CommandLine;
using Actors.Host.Logging;
using Actors.Host.Settings;
using Actors.Host.Simulation;
using Actors.Sdk;
using Actors.Sdk.Text;
using Actors.Sim.Clock;
using Actors.Sim.Persistence;
using Actors.Sim.Scenarios;
using Actors.XenStore;
using Actors.XenStore.Server;

namespace Actors.Host.Platforms;

/// <summary>A simulated machine that serves its xenstore on a socket and outlives a daemon that is killed.</summary>
internal sealed class SimulatedPlatform : IPlatform
{
    private readonly XenStoreServer _server;
    private readonly MachinePersistence _survival;
    private readonly CancellationTokenRegistration _off;
    private readonly SimulatedMachine _machine;
    private readonly RealTimeLoop _loop;
    private int _domains;

    private SimulatedPlatform(XenStoreServer server, Scenario scenario, bool fresh, IJournal journal, CancellationToken stop)
    {
        var log = Log.For(null);
        _server = server;
        _survival = new MachinePersistence($"{server.SocketPath}.machine", scenario, fresh, log.Warn);
        _off = stop.Register(_survival.SwitchOff);
        _machine = new SimulatedMachine(new SimulationClock(TimeProvider.System.GetUtcNow()), scenario, log.Debug, _survival.Nodes);
        _loop = new RealTimeLoop(_machine.Clock);
        Ground = new HostServices(_machine.Store.Connect(0), _machine.Host, TimeProvider.System, journal, Log.For);
    }

    public HostServices Ground { get; }

    public string Description => $"{_machine.Host.Description}, {Count.Of(_domains, "domain")}";

    public string StoreHint => $"export XENSTORED_PATH={_server.SocketPath}";

    public string ControlPath => $"{_server.SocketPath}.control";

    public Task Completion => _loop.Completion;

    /// <exception cref="CommandException">The socket cannot be had, or the machine of a killed daemon cannot go on.</exception>
    public static async Task<SimulatedPlatform> StartAsync(Scenario scenario, string socket, bool fresh, IJournal journal, CancellationToken stop)
    {
        // The socket first: whoever has it has the machine beside it, and a client waits until that is whole.
        var ground = new SimulatedPlatform(Bind(socket), scenario, fresh, journal, stop);
        try
        {
            await ground.BeginAsync(scenario, stop);
            return ground;
        }
        catch
        {
            await ground.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _loop.DisposeAsync();
        await _off.DisposeAsync();
        _survival.Dispose();
        await _server.DisposeAsync();
    }

    private async Task BeginAsync(Scenario scenario, CancellationToken stop)
    {
        try
        {
            var goingOn = await _survival.BeginAsync(_machine.Host, _machine.Run, stop);
            if (goingOn is not null)
                Log.For(null).Info($"the simulated machine goes on where the last daemon was killed, domains: {goingOn}; stop it with Ctrl-C or SIGTERM to switch it off");
            _domains = goingOn ?? scenario.Domains.Count;
            _server.Serve(_machine.Store);
        }
        catch (Exception error) when (_survival.GoesOn && error is HypervisorException or XenStoreException)
        {
            throw new CommandException(ExitCode.Failed, $"the simulated machine cannot go on: {error.Message}; 'actors run --fresh' begins a new one");
        }
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
