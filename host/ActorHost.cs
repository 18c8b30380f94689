using System.Globalization;
using System.Reflection;
using Actors.Host.Control;
using Actors.Host.Dispatch;
using Actors.Host.Journal;
using Actors.Host.Plugins;
using Actors.Host.Plugins.Containment;
using Actors.Host.Plugins.Reload;
using Actors.Host.Policies;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Host;

/// <summary>Where the host finds what it loads.</summary>
internal sealed record HostOptions
{
    public const string StandardPolicy = "balloon-then-paging";

    public string PluginFolder { get; init; } = Path.Combine(AppContext.BaseDirectory, "plugins");
    public string PolicyFolder { get; init; } = Path.Combine(AppContext.BaseDirectory, "policies");
    public string DefaultPolicy { get; init; } = StandardPolicy;

    /// <summary>Keeps plugins apart; on the loop of a simulated clock, unless the host runs in real time.</summary>
    public Func<HostGround, PluginContainment> Containment { get; init; } = PluginContainment.OnLoop;

    /// <summary>Whether plugins that come, change or go while the host runs are followed; on a virtual clock nothing outside may stir it.</summary>
    public bool WatchPlugins { get; init; }

    /// <summary>Told in xenstore, so that <c>actors history</c> finds it; <see langword="null"/> when there is no file.</summary>
    public string? JournalPath { get; init; }

    /// <summary>Told in xenstore, so that commands find it; <see langword="null"/> where nothing listens.</summary>
    public string? ControlPath { get; init; }
}

/// <summary>What the host runs on.</summary>
/// <param name="Store">The xenstore, as dom0.</param>
/// <param name="Hypervisor">The hypervisor, simulated or real.</param>
/// <param name="Time">All time.</param>
/// <param name="Journal">Where outcomes go.</param>
/// <param name="Log">Where talk goes, for a domain or (<see langword="null"/>) for none.</param>
internal sealed record HostGround(
    IXenStore Store, IHypervisor Hypervisor, TimeProvider Time, IJournal Journal, Func<DomainIdentity?, IActorLog> Log);

/// <summary>The one place where store, hypervisor, plugins, policies and dispatch are put together.</summary>
internal sealed class ActorHost : IAsyncDisposable
{
    private readonly IXenStore _store;
    private readonly PluginContainment _containment;
    private readonly PluginCatalog _plugins;
    private readonly PluginPublisher _publisher;
    private readonly DomainWatcher _watcher;
    private readonly HostOptions _options;
    private readonly IActorLog _log;
    private PluginWatch? _pluginWatch;

    private ActorHost(
        HostGround ground, HostOptions options, PluginContainment containment, PluginCatalog plugins, PluginPublisher publisher,
        ActorDirectory directory, DomainWatcher watcher)
    {
        (_store, _log, _options) = (ground.Store, ground.Log(null), options);
        (_containment, _plugins, _publisher, Directory, _watcher) = (containment, plugins, publisher, directory, watcher);
    }

    public ActorDirectory Directory { get; }

    public PluginCatalog Plugins => _plugins;

    /// <summary>What it can be asked while it runs.</summary>
    public ControlVerbs Verbs { get; } = new();

    /// <summary>Looks at what is on the disk again: plugins and policies that came, changed or went. What is broken is logged, and the rest is served.</summary>
    public async Task ReloadAsync()
    {
        await _plugins.LookAsync(CancellationToken.None);
        LoadPolicies(Directory, _options, _log);
        await IntroduceAsync(_options, CancellationToken.None);
        _log.Info($"reloaded; policies {string.Join(", ", Directory.Policies)}");
    }

    /// <summary>Loads everything and starts to watch. What is broken is logged, and stops nothing else.</summary>
    public static async Task<ActorHost> StartAsync(
        HostGround ground, HostOptions options, Action<DomainIdentity, StateKey>? told = null, CancellationToken cancellation = default)
    {
        var log = ground.Log(null);
        var containment = options.Containment(ground);
        var directory = new ActorDirectory(options.DefaultPolicy);
        var plugins = PluginCatalog.Load(options.PluginFolder, directory, containment, ground.Time, log);
        LoadPolicies(directory, options, log);

        var watcher = new DomainWatcher(ground, directory);
        if (told is not null)
            watcher.Told += told;
        var publisher = new PluginPublisher(ground.Store, directory, log);
        var host = new ActorHost(ground, options, containment, plugins, publisher, directory, watcher);
        PluginVerbs.AddTo(host.Verbs, plugins);
        await host.IntroduceAsync(options, cancellation);
        plugins.Domains = watcher;
        plugins.Changed += publisher.Tell;
        publisher.Tell(await plugins.StatusAsync(cancellation));
        await watcher.StartAsync(cancellation);
        if (options.WatchPlugins)
            host._pluginWatch = new PluginWatch(plugins, ground.Time, log);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        if (_pluginWatch is not null)
            await _pluginWatch.DisposeAsync();
        await _watcher.DisposeAsync();
        _plugins.Changed -= _publisher.Tell;
        await _plugins.DisposeAsync();
        await _publisher.DoneAsync();
        _containment.Dispose();
        try
        {
            await _store.RemoveAsync(PolicyKeys.Host);
        }
        catch (Exception error) when (error is XenStoreException or XenStoreConnectionException)
        {
            // The store went first; then nobody reads this key.
        }
    }

    private static void LoadPolicies(ActorDirectory directory, HostOptions options, IActorLog log)
    {
        var policies = PolicyCatalog.Load(options.PolicyFolder);
        directory.SetPolicies(policies.Entries(directory));
        foreach (var problem in policies.Problems.Concat(policies.Warnings(directory)))
            log.Warn(problem);
        if (!directory.Policies.Contains(options.DefaultPolicy))
            log.Warn($"the default policy '{options.DefaultPolicy}' is not loaded; domains without an actor key will be refused");
    }

    private async Task IntroduceAsync(HostOptions options, CancellationToken cancellation)
    {
        var version = typeof(ActorHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        foreach (var (key, value) in new[]
        {
            ("version", version.Split('+')[0]),
            ("pid", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)),
            ("journal", options.JournalPath ?? ""),
            ("control", options.ControlPath ?? ""),
            ("default-policy", options.DefaultPolicy),
            ("policies", string.Join(' ', Directory.Policies)),
        })
        {
            await _store.WriteTextAsync($"{PolicyKeys.Host}/{key}", value, cancellation);
        }
    }
}
