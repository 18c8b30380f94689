using Actors.Dispatch.Domains;
using Actors.Dispatch.Runs;
using Actors.Loading.LoadContexts;
using Actors.Sdk;

namespace Actors.Loading.Reload;

/// <summary>How far the unloading of a version has come.</summary>
internal enum UnloadStage
{
    Draining,
    Unloading,
    Gone,
    Leaked,
}

/// <summary>
/// The unloading of a version: its calls end, what its removed actors hold on domains is released, its actors are disposed of, its code is
/// unloaded, and that is proven.
/// </summary>
/// <param name="generation">The version.</param>
/// <param name="removed">Its actors that no other version carries, with the domains on which each is engaged.</param>
internal sealed class PluginUnload(Generation generation, IReadOnlyList<(string Actor, IReadOnlyList<HostDomain> Domains)> removed)
{
    private Generation? _generation = generation;
    private UnloadedPlugin? _unloaded;

    public string Id { get; } = generation.Manifest.Id;

    public string Name { get; } = generation.Name;

    public int Calls => _generation?.Calls ?? 0;

    public UnloadStage Stage { get; private set; }

    /// <summary>Completes when unloading has ended, successfully or not.</summary>
    public Task Ended { get; set; } = Task.CompletedTask;

    /// <summary>Whether a leaked version has left the memory since.</summary>
    public bool IsGoneLate()
    {
        if (Stage != UnloadStage.Leaked || !_unloaded!.IsGone)
            return false;
        CleanUp();
        Stage = UnloadStage.Gone;
        return true;
    }

    /// <summary>Unloads it. Runs may continue until the deadline. In a hurry, it waits for nothing.</summary>
    public async Task RunAsync(TimeSpan deadline, IEngagedDomains? domains, TimeProvider time, IActorLog log, CancellationToken hurry)
    {
        await Task.Yield();
        await EndAsync(deadline, domains, time, log, hurry);
        Stage = UnloadStage.Unloading;
        if (await UnloadProof.IsGoneAsync(_unloaded!, time, hurry))
        {
            CleanUp();
            Stage = UnloadStage.Gone;
            log.Debug($"plugin {Name} is unloaded, and gone from memory");
        }
        else if (!hurry.IsCancellationRequested)
        {
            Stage = UnloadStage.Leaked;
            log.Warn($"plugin {Name} was unloaded, but something keeps it in memory: {UnloadProof.LikelyCauses}");
        }
    }

    /// <summary>Removes its files, and its native libraries if nothing can call them any more.</summary>
    public void CleanUp() => _unloaded?.CleanUp();

    // Afterwards nothing here references the version's code.
    private async Task EndAsync(TimeSpan deadline, IEngagedDomains? domains, TimeProvider time, IActorLog log, CancellationToken hurry)
    {
        var generation = _generation!;
        await generation.DrainAsync(deadline, time, hurry);
        if (generation.Calls > 0)
            log.Warn($"plugin {Name}: {generation.Calls} of its calls ignore their cancellation and were abandoned");
        foreach (var (actor, engaged) in removed)
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
