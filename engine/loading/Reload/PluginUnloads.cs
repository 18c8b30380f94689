using Actors.Dispatch.Domains;
using Actors.Dispatch.Runs;
using Actors.Sdk;

namespace Actors.Loading.Reload;

/// <summary>The versions that are being unloaded, and those that leaked.</summary>
internal sealed class PluginUnloads : IAsyncDisposable
{
    /// <summary>How long a run may continue on a version that is replaced.</summary>
    public static readonly TimeSpan DrainDeadline = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _hurry = new();
    private readonly List<PluginUnload> _unloads = [];
    private readonly TimeProvider _time;
    private readonly IActorLog _log;

    public PluginUnloads(TimeProvider time, IActorLog log) => (_time, _log, Stopping) = (time, log, _hurry.Token);

    public IReadOnlyList<PluginUnload> All => _unloads;

    /// <summary>Cancelled when the host stops.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Starts to unload a version in the background.</summary>
    /// <param name="generation">The version; no call enters it any more.</param>
    /// <param name="removed">As for <see cref="PluginUnload"/>.</param>
    /// <param name="domains">Finds the domains on which actors are engaged.</param>
    /// <param name="ended">Called on any thread when unloading has ended, successfully or not.</param>
    public void Begin(Generation generation, IReadOnlyList<(string Actor, IReadOnlyList<HostDomain> Domains)> removed, IEngagedDomains? domains, Func<Task> ended)
    {
        var unload = new PluginUnload(generation, removed);
        _unloads.Add(unload);
        unload.Ended = RunAsync(unload, domains, ended);
    }

    /// <summary>Forgets those that are gone from memory.</summary>
    /// <returns>Whether there was one.</returns>
    public bool ForgetGone()
    {
        foreach (var late in _unloads.Where(unload => unload.IsGoneLate()))
            _log.Info($"plugin {late.Name} is gone from memory now");
        return _unloads.RemoveAll(unload => unload.Stage == UnloadStage.Gone) > 0;
    }

    /// <summary>Ends all waiting, now and later.</summary>
    public void Hurry() => _hurry.Cancel();

    /// <summary>Completes when all have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_unloads.Select(unload => unload.Ended));
        foreach (var unload in _unloads)
            unload.CleanUp();
        _hurry.Dispose();
    }

    private async Task RunAsync(PluginUnload unload, IEngagedDomains? domains, Func<Task> ended)
    {
        try
        {
            await unload.RunAsync(DrainDeadline, domains, _time, _log, Stopping);
        }
        catch (Exception error)
        {
            _log.Warn($"plugin {unload.Name} could not be unloaded: {error.Message}");
        }
        await ended();
    }
}
