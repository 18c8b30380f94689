using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Host.Logging;
using Actors.Sim.Clock;
using Actors.Sim.Hypervisor;
using Actors.Sim.Scenarios;
using Actors.Sim.Scenarios.Yaml;
using Actors.XenStore.Embedded;

namespace Actors.Host.Simulation;

/// <summary>A simulated machine with its xenstore, on which a scenario can run.</summary>
internal sealed class SimulatedMachine
{
    public SimulatedMachine(SimulationClock clock, Scenario scenario, Action<string>? trace = null, INodeObserver? observer = null)
    {
        (Clock, Store) = (clock, new EmbeddedXenStore(observer: observer));
        Host = new SimulatedHost(clock, Store.Connect, scenario.Host, trace, Store.AnnounceShutdown);
        Run = new ScenarioRun(scenario, Host);
    }

    public SimulationClock Clock { get; }

    public EmbeddedXenStore Store { get; }

    public SimulatedHost Host { get; }

    public ScenarioRun Run { get; }

    /// <summary>The services for a host that runs on this machine and logs nothing.</summary>
    public HostServices SilentServices(IJournal journal) => new(Host.DomainZero, Host, Clock, journal, _ => Log.Silent);

    /// <summary>Reads a scenario that is embedded in the program.</summary>
    public static Scenario BuiltIn(string name)
    {
        using var stream = typeof(SimulatedMachine).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return ScenarioFile.Parse(reader.ReadToEnd(), name);
    }
}
