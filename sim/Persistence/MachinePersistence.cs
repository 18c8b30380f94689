using Actors.Sdk;
using Actors.Sim.Hypervisor;
using Actors.Sim.Scenarios;
using Actors.XenStore.Embedded;

namespace Actors.Sim.Persistence;

/// <summary>
/// Lets a simulated machine outlive the process that it is in, as a real one outlives the daemon: after a crash it goes on as it was.
/// Time stands still for it in between.
/// </summary>
internal sealed class MachinePersistence : IDisposable
{
    private readonly MachineFile _file;
    private readonly Scenario _scenario;
    private readonly MachineImage? _earlier;

    /// <param name="path">The file to keep the machine in.</param>
    /// <param name="scenario">What is played on it; a machine of another one does not go on.</param>
    /// <param name="fresh">Whether to begin anew, whatever is there.</param>
    /// <param name="warn">Told what goes wrong.</param>
    public MachinePersistence(string path, Scenario scenario, bool fresh, Action<string> warn)
    {
        _scenario = scenario;
        _file = new MachineFile(path, scenario.Fingerprint, warn);
        (_earlier, var whyNot) = fresh ? new MachineFound(null) : MachineReader.Read(path, scenario);
        if (whyNot is not null)
            warn($"a new simulated machine begins; the one of a killed daemon, in {path}, cannot go on: {whyNot}");
    }

    /// <summary>Whether an earlier machine goes on.</summary>
    public bool GoesOn => _earlier is not null;

    /// <summary>To be given to the machine's store when it is made.</summary>
    public INodeObserver Nodes => _file;

    /// <summary>Lets an earlier machine go on, or a new one begin; its store should be served only after this.</summary>
    /// <returns>How many domains go on; <see langword="null"/> on a new machine.</returns>
    public async Task<int?> BeginAsync(SimulatedHost host, ScenarioRun run, CancellationToken stop = default)
    {
        var recorder = new MachineRecorder(_file, host, run);
        if (_earlier is null)
            await run.StartAsync(stop);
        else
            await run.ResumeAsync(
                _earlier.Moment.Elapsed, _earlier.Moment.Events, () => MachineRestore.RestoreAsync(_earlier, _scenario, host, run), stop);
        await host.Clock.CallAsync(() =>
        {
            recorder.Look();
            _file.Begin();
            return Task.CompletedTask;
        });
        return _earlier?.Domains.Count(domain => domain.State != DomainState.Dying);
    }

    /// <summary>Switches the machine off: the next one is a new one.</summary>
    public void SwitchOff() => _file.Remove();

    /// <summary>Keeps nothing more, as a kill would have it: what is kept stays, unless the machine was switched off.</summary>
    public void Dispose() => _file.Dispose();
}
