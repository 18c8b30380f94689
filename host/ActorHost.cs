using System.Globalization;
using System.Reflection;
using Actors.Host.Control;
using Actors.Host.Dispatch;
using Actors.Host.Dispatch.Foresight;
using Actors.Host.Journal;
using Actors.Host.Plugins;
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

    /// <summary>Policies that look on beside the serving one, without a word in their own files.</summary>
    public IReadOnlyList<string> Shadows { get; init; } = [];

    /// <summary>A policy that would only look on serves all the same: on a simulated host, to be tested.</summary>
    public bool ShadowsServe { get; init; }

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
    private readonly PluginCatalog _plugins;
    private readonly DomainWatcher _watcher;

    private ActorHost(IXenStore store, PluginCatalog plugins, ActorDirectory directory, DomainWatcher watcher) =>
        (_store, _plugins, Directory, _watcher) = (store, plugins, directory, watcher);

    public ActorDirectory Directory { get; }

    /// <summary>What it can be asked while it runs.</summary>
    public ControlVerbs Verbs { get; } = new();

    /// <summary>Loads everything and starts to watch. What is broken is logged, and stops nothing else.</summary>
    public static async Task<ActorHost> StartAsync(
        HostGround ground, HostOptions options, Action<DomainIdentity, StateKey>? told = null, CancellationToken cancellation = default)
    {
        var log = ground.Log(null);
        var directory = new ActorDirectory(options.DefaultPolicy, options.Shadows);
        var plugins = PluginCatalog.Load(options.PluginFolder);
        directory.SetActors(plugins.Entries);
        var policies = PolicyCatalog.Load(options.PolicyFolder);
        directory.SetPolicies(policies.Entries(directory));
        foreach (var problem in plugins.Problems.Concat(policies.Problems).Concat(policies.Warnings(directory)))
            log.Warn(problem);
        if (!directory.Policies.Contains(options.DefaultPolicy))
            log.Warn($"the default policy '{options.DefaultPolicy}' is not loaded; domains without an actor key will be refused");

        var watcher = new DomainWatcher(ground, directory);
        if (told is not null)
            watcher.Told += told;
        var host = new ActorHost(ground.Store, plugins, directory, watcher);
        host.Verbs.Add(Explainer.Verb, new Explainer(ground, directory).AnswerAsync);
        await host.IntroduceAsync(options, cancellation);
        await watcher.StartAsync(cancellation);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        await _watcher.DisposeAsync();
        await _plugins.DisposeAsync();
        try
        {
            await _store.RemoveAsync(PolicyKeys.Host);
        }
        catch (Exception error) when (error is XenStoreException or XenStoreConnectionException)
        {
            // The store went first; then nobody reads this key.
        }
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
            ("actors", string.Join(' ', Directory.Actors)),
        })
        {
            await _store.WriteTextAsync($"{PolicyKeys.Host}/{key}", value, cancellation);
        }
    }
}
