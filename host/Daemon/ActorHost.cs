using System.Globalization;
using System.Reflection;
using Actors.Chains.Files;
using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Compiling;
using Actors.Chains.Scripts.Processes;
using Actors.Chains.Scripts.Running;
using Actors.Cli.Control;
using Actors.Dispatch;
using Actors.Dispatch.Calls;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Files;
using Actors.Dispatch.Registry;
using Actors.Dispatch.Settings;
using Actors.Dispatch.State;
using Actors.Host.Control;
using Actors.Host.Settings;
using Actors.Isolation.Messages;
using Actors.Loading;
using Actors.Loading.Containment;
using Actors.Scripting;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Host.Daemon;

/// <summary>Connects the store, the hypervisor, plugins, policies and the dispatch.</summary>
internal sealed class ActorHost : IAsyncDisposable
{
    private static readonly TimeSpan RemovalLimit = TimeSpan.FromSeconds(2);

    private readonly IXenStore _store;
    private readonly PluginContainment _containment;
    private readonly PluginCatalog _plugins;
    private readonly PluginPublisher _publisher;
    private readonly DomainWatcher _watcher;
    private readonly SettingsArchive _settings;
    private readonly HostOptions _options;
    private readonly IScriptCompiler? _compiler;
    private readonly IScriptRunner _runner;
    private readonly CompileQueue? _compiling;
    private readonly IActorLog _log;
    private readonly TimeProvider _time;
    private FolderWatch? _pluginWatch;
    private FolderWatch? _policyWatch;
    private volatile bool _mustPublish;

    private ActorHost(
        HostServices services, HostOptions options, PluginContainment containment, PluginCatalog plugins, PluginPublisher publisher,
        PolicyFolder policies, ActorDirectory directory, SettingsArchive settings, DomainWatcher watcher, ScriptStore scripts, IScriptCompiler? compiler, IScriptRunner runner)
    {
        (_store, _log, _time, _options) = (services.Store, services.Log(null), services.Time, options);
        (_containment, _plugins, _publisher, Policies, Directory, _settings, _watcher) = (containment, plugins, publisher, policies, directory, settings, watcher);
        (_compiler, _runner) = (compiler, runner);
        _compiling = compiler is null ? new CompileQueue(options.OpenCompiler, scripts, ReloadPoliciesAsync, TimeProvider.System) : null;
    }

    public ActorDirectory Directory { get; }

    public PluginCatalog Plugins => _plugins;

    public PolicyFolder Policies { get; }

    /// <summary>The requests that the running daemon accepts.</summary>
    public ControlVerbs Verbs { get; } = new();

    /// <summary>Loads plugins and policies that were added or changed, and unloads removed ones. Broken ones are logged and stop nothing else.</summary>
    public async Task ReloadAsync()
    {
        await _plugins.ScanAsync(CancellationToken.None);
        await _plugins.CheckSettingsAsync(CancellationToken.None);
        await ReloadPoliciesAsync();
        _log.Info($"reloaded; actors {string.Join(", ", Directory.Actors)}; policies {string.Join(", ", Directory.Policies)}");
    }

    /// <summary>Gives plugins new settings.</summary>
    public Task UseAsync(IReadOnlyDictionary<string, SettingsBody> settings) => _plugins.ConfigureAsync(settings, CancellationToken.None);

    /// <summary>Replaces the classes of domains.</summary>
    public async Task UseAsync(DomainClasses classes)
    {
        Directory.SetClasses(classes);
        await PublishAsync();
    }

    /// <summary>Loads everything and starts the watches. Broken plugins and policies are logged and stop nothing else.</summary>
    public static async Task<ActorHost> StartAsync(
        HostServices services, HostOptions options, Action<DomainIdentity, StateKey>? stateChanged = null, CancellationToken cancellation = default)
    {
        var log = services.Log(null);
        services.Reserve = options.Reserve;
        var containment = options.Containment(services);
        var directory = new ActorDirectory(options.DefaultPolicy) { AlsoShadows = options.Shadows, ShadowsServe = options.ShadowsServe };
        directory.SetClasses(options.Classes);
        var plugins = PluginCatalog.Load(
            options.PluginFolder, directory, containment, services.Time, log, options.LastGoodFolder is { } good ? Path.Combine(good, "plugins") : null, options.Processes, options.Trust,
            options.PluginSettings);
        var scripts = new ScriptStore(options.KeepsScripts ? ScriptCaches.Open(log.Warn) : null);
        // In real time, the compiler must not delay the targets of domains that do not need it. A simulated clock stands still meanwhile.
        var compiler = options.Reloads ? null : options.OpenCompiler();
        var runner = options.Runner ?? (options.Scripts is { } processes ? new ProcessRunner(processes) : new LocalRunner());
        var reader = new PolicyReader(scripts, compiler, runner, directory, services.Time, ScriptLimits.Standard);
        var lastGood = options.LastGoodFolder is { } copies ? new LastGoodFiles(copies, log.Warn) : null;
        var policies = new PolicyFolder(options.PolicyFolder, reader, directory, log, lastGood);
        var postponed = policies.Scan();
        if (!directory.Policies.Concat(directory.CompilingPolicies).Contains(options.DefaultPolicy))
            log.Warn($"the default policy '{options.DefaultPolicy}' is not loaded; targets of domains without an actor key will be rejected");

        var settings = new SettingsArchive(options.SettingsPath is { } file ? new SettingsFile(file, log.Warn) : null, services.Time);
        var watcher = new DomainWatcher(services, directory, new StoredSettings(services, settings));
        if (stateChanged is not null)
            watcher.StateChanged += stateChanged;
        var publisher = new PluginPublisher(services.Store, directory, log);
        var host = new ActorHost(services, options, containment, plugins, publisher, policies, directory, settings, watcher, scripts, compiler, runner);
        PluginVerbs.AddTo(host.Verbs, plugins);
        host.Verbs.Add(DryRunRequest.Verb, new DryRunVerb(services, directory).AnswerAsync);
        host.Verbs.Add(TargetCheck.Verb, new TargetCheckVerb(services, directory).AnswerAsync);
        host.Verbs.Add(CurrentFootprints.Verb, new FootprintsVerb(services.Hypervisor).AnswerAsync);
        host.Verbs.Add(HostTotals.Verb, new HostMemoryVerb(services.Hypervisor).AnswerAsync);
        host.Verbs.Add(HostListing.Verb, new ListingVerb(services.Hypervisor).AnswerAsync);
        host.Verbs.Add(ForgetVerb.Verb, new ForgetVerb(services, settings).AnswerAsync);
        host.Verbs.Add(ListedPolicy.Verb, (_, _) => Task.FromResult(PolicyVerbs.Answer(policies.Statuses, directory)));
        watcher.Emptied = host.PublishAgainAsync;
        watcher.Listed = host.PublishMissedAsync;
        await host.PublishAsync(cancellation);
        plugins.Domains = watcher;
        plugins.Changed += publisher.Publish;
        publisher.Publish(await plugins.StatusAsync(cancellation));
        await CancellationDeadline.PrepareAsync(services.Time);
        await watcher.StartAsync(cancellation);
        host._compiling?.Add(postponed);
        if (options.Reloads)
            host.WatchFolders();
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        if (_pluginWatch is not null)
            await _pluginWatch.DisposeAsync();
        if (_policyWatch is not null)
            await _policyWatch.DisposeAsync();
        if (_compiling is not null)
            await _compiling.DisposeAsync();
        _compiler?.Dispose();
        if (_options.Runner is null)
            _runner.Dispose();
        await _watcher.DisposeAsync();
        _settings.Dispose();
        _plugins.Changed -= _publisher.Publish;
        await _plugins.DisposeAsync();
        await _publisher.DoneAsync();
        _containment.Dispose();
        try
        {
            // A store that is away must not delay the end.
            using var limit = new CancellationTokenSource(RemovalLimit, _time);
            await _store.RemoveAsync(PolicyKeys.Host, limit.Token);
        }
        catch (Exception error) when (error is XenStoreException or XenStoreConnectionException or XenStoreProtocolException or OperationCanceledException)
        {
            // Nothing reads this key: the store is closed or away.
        }
    }

    private void WatchFolders()
    {
        _pluginWatch = new FolderWatch(_plugins.Root, _time, notices: true, _plugins.ScanAsync, _log);
        _policyWatch = FolderWatch.OfFiles(_options.PolicyFolder, _time, notices: _time == TimeProvider.System, ReloadPoliciesAsync, _log);
    }

    private async Task ReloadPoliciesAsync()
    {
        var postponed = Policies.Scan();
        _compiling?.Add(postponed);
        await PublishAsync();
    }

    private async Task PublishAgainAsync()
    {
        _publisher.PublishAgain();
        await PublishAsync();
    }

    private Task PublishMissedAsync() => _mustPublish || _publisher.MustPublish ? PublishAgainAsync() : Task.CompletedTask;

    // While the store is away, the daemon keeps working, and the watcher publishes when the store is back.
    private async Task PublishAsync()
    {
        try
        {
            _mustPublish = false;
            await PublishAsync(CancellationToken.None);
        }
        catch (XenStoreConnectionException error)
        {
            _mustPublish = true;
            _log.Debug($"the host could not be published in xenstore, and will be when xenstored is back: {error.Message}");
        }
    }

    private async Task PublishAsync(CancellationToken cancellation)
    {
        var version = typeof(ActorHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        foreach (var (key, value) in new[]
        {
            ("version", version.Split('+')[0]),
            ("journal", _options.JournalPath ?? ""),
            ("control", _options.ControlPath ?? ""),
            ("default-policy", _options.DefaultPolicy),
        })
        {
            await _store.WriteTextAsync($"{PolicyKeys.Host}/{key}", value, cancellation);
        }
        await NameList.WriteAsync(_store, $"{PolicyKeys.Host}/policies", Directory.Policies, cancellation);
        await NameList.WriteAsync(_store, $"{PolicyKeys.Host}/compiling-policies", Directory.CompilingPolicies.Order(StringComparer.Ordinal), cancellation);
        await NameList.WriteAsync(_store, $"{PolicyKeys.Host}/broken-policies", Directory.BrokenPolicies.Keys.Order(StringComparer.Ordinal), cancellation);
        await PublishedClasses.WriteAsync(_store, Directory.Classes, cancellation);
        // This key is written last, so that everything else exists when it does.
        await _store.WriteTextAsync(PolicyKeys.Running, Environment.ProcessId.ToString(CultureInfo.InvariantCulture), cancellation);
    }
}
