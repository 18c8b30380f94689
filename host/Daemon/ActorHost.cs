using System.Globalization;
using System.Reflection;
using Actors.Chains.Files;
using Actors.Dispatch;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Files;
using Actors.Dispatch.Registry;
using Actors.Dispatch.State;
using Actors.Host.Control;
using Actors.Host.Settings;
using Actors.Loading;
using Actors.Loading.Containment;
using Actors.Scripting;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Host.Daemon;

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
    private FolderWatch? _pluginWatch;
    private FolderWatch? _policyWatch;

    private ActorHost(
        HostServices ground, HostOptions options, PluginContainment containment, PluginCatalog plugins, PluginPublisher publisher,
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
        await _plugins.ScanAsync(CancellationToken.None);
        await LookAtPoliciesAsync();
        _log.Info($"reloaded; actors {string.Join(", ", Directory.Actors)}; policies {string.Join(", ", Directory.Policies)}");
    }

    /// <summary>Loads everything and starts to watch. What is broken is logged, and stops nothing else.</summary>
    public static async Task<ActorHost> StartAsync(
        HostServices ground, HostOptions options, Action<DomainIdentity, StateKey>? stateChanged = null, CancellationToken cancellation = default)
    {
        var log = ground.Log(null);
        var containment = options.Containment(ground);
        var directory = new ActorDirectory(options.DefaultPolicy) { AlsoShadows = options.Shadows, ShadowsServe = options.ShadowsServe };
        var plugins = PluginCatalog.Load(options.PluginFolder, directory, containment, ground.Time, log);
        var reader = new PolicyReader(options.KeepsScripts ? HostPaths.OpenScriptCache(log.Warn) : null, directory, ground.Time, ScriptLimits.Standard);
        var policies = new PolicyFolder(options.PolicyFolder, reader, directory, log);
        // The compiler takes its time, and a target of a domain that needs none of it shall not wait.
        policies.Look(compiles: !options.Reloads);
        if (!directory.Policies.Concat(directory.ComingPolicies).Contains(options.DefaultPolicy))
            log.Warn($"the default policy '{options.DefaultPolicy}' is not loaded; domains without an actor key will be refused");

        var watcher = new DomainWatcher(ground, directory);
        if (stateChanged is not null)
            watcher.StateChanged += stateChanged;
        var publisher = new PluginPublisher(ground.Store, directory, log);
        var host = new ActorHost(ground, options, containment, plugins, publisher, policies, directory, watcher);
        PluginVerbs.AddTo(host.Verbs, plugins);
        host.Verbs.Add(DryRunVerb.Verb, new DryRunVerb(ground, directory).AnswerAsync);
        host.Verbs.Add(PolicyVerbs.Verb, (_, _) => Task.FromResult(PolicyVerbs.Answer(policies.Statuses, directory)));
        await host.IntroduceAsync(options, cancellation);
        plugins.Domains = watcher;
        plugins.Changed += publisher.Publish;
        publisher.Publish(await plugins.StatusAsync(cancellation));
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
        _plugins.Changed -= _publisher.Publish;
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
        _pluginWatch = new FolderWatch(_plugins.Root, _time, notices: true, _plugins.ScanAsync, _log);
        _policyWatch = FolderWatch.OfFiles(_options.PolicyFolder, _time, notices: _time == TimeProvider.System, atOnce: Directory.ComingPolicies.Count > 0, LookAtPoliciesAsync, _log);
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
