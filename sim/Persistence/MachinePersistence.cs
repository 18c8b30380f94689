using Actors.Sdk;
using Actors.Sim.Hypervisor;
using Actors.Sim.Scenarios;
using Actors.XenStore.Embedded;

namespace Actors.Sim.Persistence;

/// <summary>
/// Lets a simulated machine outlive its process, as a real one outlives the daemon: after a crash it continues as it was.
/// Its time stands still in between.
/// </summary>
internal sealed class MachinePersistence : IDisposable
{
    private readonly MachineFile _file;
    private readonly Scenario _scenario;
    private readonly MachineImage? _earlier;

    /// <param name="path">The file in which the machine is stored.</param>
    /// <param name="scenario">The scenario of the machine. A machine of another scenario is not restored.</param>
    /// <param name="fresh">Whether to start a new machine even if an earlier one is found.</param>
    /// <param name="warn">Receives warnings.</param>
    public MachinePersistence(string path, Scenario scenario, bool fresh, Action<string> warn)
    {
        _scenario = scenario;
        _file = new MachineFile(path, scenario.Fingerprint, warn);
        (_earlier, var whyNot, var damaged, var isCut) = fresh ? new MachineReadResult(null) : MachineReader.Read(path, scenario);
        if (whyNot is not null)
            warn($"starting a new simulated machine; the machine of a killed daemon in {path} cannot be restored: {whyNot}");
        if (isCut)
            warn($"the last line of {path} is incomplete, so the simulated machine continues without what it recorded");
        if (damaged)
            SetAside(path, warn);
    }

    /// <summary>Whether an earlier machine continues.</summary>
    public bool Resumes => _earlier is not null;

    /// <summary>The observer that the machine's store needs when it is created.</summary>
    public INodeObserver Nodes => _file;

    /// <summary>Restores an earlier machine or starts a new one. The store should be served only afterwards.</summary>
    /// <returns>How many domains were restored; <see langword="null"/> on a new machine.</returns>
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
            recorder.Record();
            _file.Begin();
            return Task.CompletedTask;
        });
        return _earlier?.Domains.Count(domain => domain.State != DomainState.Dying);
    }

    /// <summary>Switches the machine off; the next start creates a new machine.</summary>
    public void SwitchOff() => _file.Remove();

    // The new machine would replace the file, and the user may need it to find out what happened.
    private static void SetAside(string path, Action<string> warn)
    {
        try
        {
            File.Move(path, $"{path}.damaged", overwrite: true);
            warn($"the damaged file was renamed to {path}.damaged");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            warn($"the damaged file {path} could not be set aside: {error.Message}");
        }
    }

    /// <summary>Stops recording, as a kill would. The file stays, unless the machine was switched off.</summary>
    public void Dispose() => _file.Dispose();
}
