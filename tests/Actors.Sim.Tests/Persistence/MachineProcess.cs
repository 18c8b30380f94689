using Actors.Sim.Clock;
using Actors.Sim.Domains;
using Actors.Sim.Hypervisor;
using Actors.Sim.Persistence;
using Actors.Sim.Scenarios;
using Actors.Sim.Scenarios.Yaml;
using Actors.Sim.Toolstacks;
using Actors.XenStore;
using Actors.XenStore.Embedded;

namespace Actors.Sim.Tests;

/// <summary>One process with a machine that may outlive it. It ends as if it were killed, unless it switches the machine off.</summary>
internal sealed class MachineProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(1);

    private MachineProcess(string file, string yaml, bool fresh)
    {
        var scenario = ScenarioFile.Parse(yaml, "machine.yaml");
        Persistence = new MachinePersistence(file, scenario, fresh, Warnings.Add);
        var store = new EmbeddedXenStore(observer: Persistence.Nodes);
        Connect = store.Connect;
        Host = new SimulatedHost(Clock, Connect, scenario.Host, Trace.Add);
        Play = new ScenarioRun(scenario, Host);
    }

    public SimulationClock Clock { get; } = new();

    public Func<int, IXenStore> Connect { get; }

    public IXenStore Dom0 => Host.DomainZero;

    public SimulatedHost Host { get; }

    public ScenarioRun Play { get; }

    public Toolstack Toolstack => Play.Toolstack;

    public MachinePersistence Persistence { get; }

    public int? Resumed { get; private set; }

    public List<string> Trace { get; } = [];

    public List<string> Warnings { get; } = [];

    public static MachineProcess Run(string file, string yaml, Func<MachineProcess, Task> test, bool fresh = false)
    {
        var process = new MachineProcess(file, yaml, fresh);
        process.Clock.Run(async () =>
        {
            process.Resumed = await process.Persistence.BeginAsync(process.Host, process.Play);
            await test(process);
            process.Persistence.Dispose();
        }, Limit);
        return process;
    }

    public SimulatedDomain Domain(string name) => Host.Find(name)!;

    public Task<string> ReadAsync(string path) => Dom0.ReadTextAsync(path).AsTask();
}
