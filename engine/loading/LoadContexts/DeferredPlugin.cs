using Actors.Isolation.Messages;
using Actors.Loading.Containment;
using Actors.Loading.Files;
using Actors.Loading.Metrics;
using Actors.Sdk;

namespace Actors.Loading.LoadContexts;

/// <summary>
/// A version of a plugin that is loaded into this process on a thread of its own, because its initialisers and constructors may never end.
/// Calls wait until it is loaded, and loading has a deadline.
/// </summary>
internal sealed class DeferredPlugin : ILoadedPlugin
{
    private static readonly TimeSpan LoadAtMost = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource<LoadedPlugin> _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private int _native;

    private DeferredPlugin(IReadOnlyList<string> actors, Func<LoadedPlugin> load, string id, TimeProvider time)
    {
        Actors = actors.ToDictionary(name => name, name => (IActor)new DeferredActor(name, this));
        _thread = new Thread(() => Load(load)) { IsBackground = true, Name = $"loads plugin {id}" };
        _thread.Start();
        Ready = WaitAsync(time);
    }

    public IReadOnlyDictionary<string, IActor> Actors { get; private set; }

    public Task Ready { get; }

    public IReadOnlyList<PluginMetric> Metrics => Loaded?.Metrics ?? [];

    private LoadedPlugin? Loaded => _loaded.Task is { IsCompletedSuccessfully: true, Result: var loaded } ? loaded : null;

    /// <summary>Starts to load.</summary>
    /// <param name="actors">The names of its actors.</param>
    /// <param name="load">Loads it; throws a <see cref="PluginException"/> if that fails.</param>
    /// <param name="id">The id of the plugin.</param>
    /// <param name="time">The clock of the deadline.</param>
    public static DeferredPlugin Begin(IReadOnlyList<string> actors, Func<LoadedPlugin> load, string id, TimeProvider time) => new(actors, load, id, time);

    public async Task<IReadOnlyList<string>> ConfigureAsync(SettingsBody? settings) => await (await _loaded.Task).ConfigureAsync(settings);

    public bool ObservesDomains => Loaded?.ObservesDomains == true;

    public async Task NotifyAsync(DomainIdentity domain, bool exists, CancellationToken cancellation) =>
        await (await _loaded.Task.WaitAsync(cancellation)).NotifyAsync(domain, exists, cancellation);

    public IReadOnlyList<string> OwnMechanisms => Loaded?.OwnMechanisms ?? [];

    public Task EndDomainAsync(DomainIdentity domain, CancellationToken cancellation) => Loaded?.EndDomainAsync(domain, cancellation) ?? Task.CompletedTask;

    public Task EndMechanismsAsync() => Loaded?.EndMechanismsAsync() ?? Task.CompletedTask;

    public IUnloadedPlugin Unload()
    {
        Actors = new Dictionary<string, IActor>();
        return !_loaded.TrySetException(new PluginException("was unloaded before it was loaded")) && _loaded.Task.IsCompletedSuccessfully
            ? _loaded.Task.Result.Unload() : new NotLoaded(_thread);
    }

    private void Load(Func<LoadedPlugin> load)
    {
        Volatile.Write(ref _native, NativeThread.Current);
        try
        {
            var plugin = load();
            if (!_loaded.TrySetResult(plugin))
                plugin.Unload();
        }
        catch (PluginException error)
        {
            _loaded.TrySetException(error);
        }
    }

    private async Task WaitAsync(TimeProvider time)
    {
        try
        {
            await _loaded.Task.WaitAsync(LoadAtMost, time);
        }
        catch (TimeoutException)
        {
            var late = new PluginException(
                $"cannot be loaded: its initialisers and constructors did not end within {LoadAtMost.TotalSeconds:0} s, and were abandoned together with their thread");
            if (!_loaded.TrySetException(late))
                return;
            NativeThread.LowerPriority(Volatile.Read(ref _native));
            throw late;
        }
    }

    private sealed class DeferredActor(string name, DeferredPlugin plugin) : IActor
    {
        public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation) =>
            await ((await FindAsync(cancellation)).ReachAsync(domain, request, cancellation) ?? throw new ContainmentException(Faults.NoTask));

        public async Task ReleaseAsync(IDomain domain, CancellationToken cancellation) =>
            await ((await FindAsync(cancellation)).ReleaseAsync(domain, cancellation) ?? throw new ContainmentException(Faults.NoTask));

        public ValueTask DisposeAsync() => plugin.Loaded?.Actors[name].DisposeAsync() ?? default;

        private async Task<IActor> FindAsync(CancellationToken cancellation)
        {
            try
            {
                return (await plugin._loaded.Task.WaitAsync(cancellation)).Actors[name];
            }
            catch (PluginException error)
            {
                throw new ProcessDownException($"the plugin {error.Message}");
            }
        }
    }

    private sealed class NotLoaded(Thread thread) : IUnloadedPlugin
    {
        public bool IsGone => !thread.IsAlive;

        public void CleanUp()
        {
            // Its files are removed at the next start.
        }
    }
}
