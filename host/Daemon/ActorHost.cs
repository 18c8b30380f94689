using System.Globalization;
using System.Reflection;
using Actors.Host.Control;
using Actors.Host.Dispatch;
using Actors.Host.Dispatch.Foresight;
using Actors.Host.Journal;
using Actors.Host.Plugins;
using Actors.Host.Plugins.Containment;
using Actors.Host.Plugins.Reload;
using Actors.Host.Policies.Files;
using Actors.Host.Policies.Scripts;
using Actors.Host.Watching;
using Actors.Scripting;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Host;

/// <summary>Where the host finds what it loads.</summary>
internal sealed record HostOptions
{
    public const string StandardPolicy = "balloon-then-paging";

    public string PluginFolder { get; init; } = HostPaths.Beside("plugins");
    public string PolicyFolder { get; init; } = HostPaths.Beside("policies");
    public string DefaultPolicy { get; init; } = StandardPolicy;

    /// <summary>Policies that look on beside the serving one, without a word in their own files.</summary>
    public IReadOnlyList<string> Shadows { get; init; } = [];

    /// <summary>A policy that would only look on serves all the same: on a simulated host, to be tested.</summary>
    public bool ShadowsServe { get; init; }

    /// <summary>Whether compiled scripts are kept on disk.</summary>
    public bool KeepsScripts { get; init; }

    /// <summary>Whether a changed policy is taken in while the host runs.</summary>
    public bool Reloads { get; init; }

    /// <summary>Keeps plugins apart; on the loop of a simulated clock, unless the host runs in real time.</summary>
    public Func<HostGround, PluginContainment> Containment { get; init; } = PluginContainment.OnLoop;

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
    IXenStore Store, IHypervisor Hypervisor, TimeProvider Time, IJournal Journal, Func<DomainIdentity?, IActorLog> Log)
{
    /// <summary>What an actor holds on a domain is not as it was, and no key tells of it.</summary>
    public event Action<int>? Disturbed;

    public void Disturb(int domid) => Disturbed?.Invoke(domid);
}

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
    private readonly TimeProvider _time;
    private PluginWatch? _pluginWatch;
    private FolderWatch? _policyWatch;

    private ActorHost(
        HostGround ground, HostOptions options, PluginContainment containment, PluginCatalog plugins, PluginPublisher publisher,
        PolicyFolder policies, ActorDirectory directory, DomainWatcher watcher)
    {
        (_store, _log, _time, _options) = (ground.Store, ground.Log(null), ground.Time, options);
        (_containment, _plugins, _publisher, Policies, Directory, _watcher) = (containment, plugins, publisher, policies, directory, watcher);
    }

    public ActorDirectory Directory { get; }

    public PluginCatalog Plugins => _plugins;

    public PolicyFolder Policies { get; }

    /// <summary>What it can be asked while it runs.</summary>
    public ControlVerbs Verbs { get; } = new();

    /// <summary>Looks at what is on the disk again: plugins and policies that came, changed or went. What is broken is logged, and the rest is served.</summary>
    public async Task ReloadAsync()
    {
        await _plugins.LookAsync(CancellationToken.None);
        await LookAtPoliciesAsync();
        _log.Info($"reloaded; actors {string.Join(", ", Directory.Actors)}; policies {string.Join(", ", Directory.Policies)}");
    }

    /// <summary>Loads everything and starts to watch. What is broken is logged, and stops nothing else.</summary>
    public static async Task<ActorHost> StartAsync(
        HostGround ground, HostOptions options, Action<DomainIdentity, StateKey>? told = null, CancellationToken cancellation = default)
    {
        var log = ground.Log(null);
        var containment = options.Containment(ground);
        var directory = new ActorDirectory(options.DefaultPolicy) { AlsoShadows = options.Shadows, ShadowsServe = options.ShadowsServe };
        var plugins = PluginCatalog.Load(options.PluginFolder, directory, containment, ground.Time, log);
        var reader = new PolicyReader(options.KeepsScripts ? ScriptCache.Standard(log.Warn) : null, directory, ground.Time, ScriptLimits.Standard);
        var policies = new PolicyFolder(options.PolicyFolder, reader, directory, log);
        // The compiler takes its time, and a target of a domain that needs none of it shall not wait.
        policies.Look(compiles: !options.Reloads);
        if (!directory.Policies.Concat(directory.ComingPolicies).Contains(options.DefaultPolicy))
            log.Warn($"the default policy '{options.DefaultPolicy}' is not loaded; domains without an actor key will be refused");

        var watcher = new DomainWatcher(ground, directory);
        if (told is not null)
            watcher.Told += told;
        var publisher = new PluginPublisher(ground.Store, directory, log);
        var host = new ActorHost(ground, options, containment, plugins, publisher, policies, directory, watcher);
        PluginVerbs.AddTo(host.Verbs, plugins);
        host.Verbs.Add(Explainer.Verb, new Explainer(ground, directory).AnswerAsync);
        host.Verbs.Add(PolicyStatuses.Verb, (_, _) => Task.FromResult(PolicyStatuses.Answer(policies.Statuses, directory)));
        await host.IntroduceAsync(options, cancellation);
        plugins.Domains = watcher;
        plugins.Changed += publisher.Tell;
        publisher.Tell(await plugins.StatusAsync(cancellation));
        await watcher.StartAsync(cancellation);
        if (options.Reloads)
            host.Follow();
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        if (_pluginWatch is not null)
            await _pluginWatch.DisposeAsync();
        if (_policyWatch is not null)
            await _policyWatch.DisposeAsync();
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

    private void Follow()
    {
        _pluginWatch = new PluginWatch(_plugins, _time, _log);
        _policyWatch = new FolderWatch(_options.PolicyFolder, _time, notices: _time == TimeProvider.System, atOnce: Directory.ComingPolicies.Count > 0, LookAtPoliciesAsync, _log);
    }

    private async Task LookAtPoliciesAsync()
    {
        Policies.Look();
        await IntroduceAsync(_options, CancellationToken.None);
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
