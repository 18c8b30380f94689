using Actors.Dispatch.Domains;
using Actors.Dispatch.Runs;
using Actors.Loading.LoadContexts;
using Actors.Sdk;

namespace Actors.Loading.Reload;

/// <summary>How far a generation's way out has come.</summary>
internal enum RetirementStage
{
    Draining,
    Unloading,
    Gone,
    Leaked,
}

/// <summary>
/// A generation on its way out: drained, what its vanished actors hold released, its actors ended, its code unloaded, and that proven.
/// </summary>
internal sealed class Retirement(Generation generation, IReadOnlyList<(string Actor, IReadOnlyList<HostDomain> Domains)> vanished)
{
    private Generation? _generation = generation;
    private UnloadedPlugin? _unloaded;

    public string Id { get; } = generation.Manifest.Id;

    public string Name { get; } = generation.Name;

    public int Calls => _generation?.Calls ?? 0;

    public RetirementStage Stage { get; private set; }

    /// <summary>Done when the way out has come to its end.</summary>
    public Task Ended { get; set; } = Task.CompletedTask;

    /// <summary>Whether a leaked one has gone after all.</summary>
    public bool IsGoneAfterAll()
    {
        if (Stage != RetirementStage.Leaked || !_unloaded!.IsGone)
            return false;
        Bury();
        return true;
    }

    /// <summary>Goes all the way; runs may take until the deadline to end by themselves, and in a hurry nobody waits for what is under way.</summary>
    public async Task RunAsync(TimeSpan deadline, IEngagedDomains? domains, TimeProvider time, IActorLog log, CancellationToken hurry)
    {
        await Task.Yield();
        await LetGoAsync(deadline, domains, time, log, hurry);
        Stage = RetirementStage.Unloading;
        if (await UnloadProof.IsGoneAsync(_unloaded!, time, hurry))
        {
            Bury();
            log.Debug($"plugin {Name} is unloaded, and gone from memory");
        }
        else if (!hurry.IsCancellationRequested)
        {
            Stage = RetirementStage.Leaked;
            log.Warn($"plugin {Name} was unloaded, but something keeps it in memory: {UnloadProof.LikelyCauses}");
        }
    }

    private void Bury()
    {
        _unloaded!.Libraries.Free();
        Stage = RetirementStage.Gone;
    }

    // Afterwards nothing here leads to the generation's code.
    private async Task LetGoAsync(TimeSpan deadline, IEngagedDomains? domains, TimeProvider time, IActorLog log, CancellationToken hurry)
    {
        var generation = _generation!;
        await generation.DrainAsync(deadline, time, hurry);
        if (generation.Calls > 0)
            log.Warn($"plugin {Name}: {generation.Calls} of its calls ignore their cancellation, and are left behind");
        foreach (var (actor, engaged) in vanished)
        {
            foreach (var domain in engaged)
            {
                await generation.ReleaseAsync(actor, domain, hurry);
                domain.Engaged.Remove(actor);
                domains?.RetryTarget(domain);
            }
        }
        await generation.EndAsync();
        _unloaded = generation.Unload();
        generation.Dispose();
        _generation = null;
    }
}
