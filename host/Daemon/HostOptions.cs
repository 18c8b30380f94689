using Actors.Chains.Scripts.Compiling;
using Actors.Chains.Scripts.Processes;
using Actors.Chains.Scripts.Running;
using Actors.Cli.Settings;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Isolation.Messages;
using Actors.Loading.Containment;
using Actors.Loading.Processes;
using Actors.Loading.Signing;
using Actors.Sdk;

namespace Actors.Host.Daemon;

/// <summary>The settings of the host: what it loads, from where, and how.</summary>
internal sealed record HostOptions
{
    public const string StandardPolicy = "balloon-then-paging";

    public string PluginFolder { get; init; } = HostPaths.Beside("plugins");
    public string PolicyFolder { get; init; } = HostPaths.Beside("policies");
    public string DefaultPolicy { get; init; } = StandardPolicy;

    /// <summary>Policies that run as shadows although their own files do not say so.</summary>
    public IReadOnlyList<string> Shadows { get; init; } = [];

    /// <summary>Whether shadow policies act like active ones; for tests on a simulated host.</summary>
    public bool ShadowsServe { get; init; }

    /// <summary>Whether compiled scripts are kept on disk.</summary>
    public bool KeepsScripts { get; init; }

    /// <summary>Whether changed plugins and policies are loaded while the host runs.</summary>
    public bool Reloads { get; init; }

    /// <summary>The folder of last good versions of policies and plugins; <see langword="null"/> if none are kept.</summary>
    public string? LastGoodFolder { get; init; }

    /// <summary>The memory that the host keeps free: no growth of a domain may use it.</summary>
    public Kib Reserve { get; init; } = HostReserve.Default;

    /// <summary>Settings of groups of domains.</summary>
    public DomainClasses Classes { get; init; } = DomainClasses.None;

    /// <summary>The file in which the settings of domains are stored by UUID; <see langword="null"/> to keep them in memory only.</summary>
    public string? SettingsPath { get; init; }

    /// <summary>Creates the containment of the plugins: on the loop of a simulated clock, or on threads when the host runs in real time.</summary>
    public Func<HostServices, PluginContainment> Containment { get; init; } = PluginContainment.OnLoop;

    /// <summary>How processes of plugins are started; <see langword="null"/> to load every plugin into this one.</summary>
    public PluginProcessOptions? Processes { get; init; }

    /// <summary>The settings of plugins, by id.</summary>
    public IReadOnlyDictionary<string, SettingsBody> PluginSettings { get; init; } = new Dictionary<string, SettingsBody>();

    /// <summary>How processes for scripts are started; <see langword="null"/> to compile and run scripts in this one.</summary>
    public ScriptProcessOptions? Scripts { get; init; }

    /// <summary>Where scripts run; <see langword="null"/> for a process of the host's own, or for this one if there are none.</summary>
    public IScriptRunner? Runner { get; init; }

    /// <summary>Starts a compiler for scripts.</summary>
    public IScriptCompiler OpenCompiler() => Scripts is null ? new ScriptCompiler() : new ProcessCompiler(Scripts);

    /// <summary>Whose plugins the operator trusts.</summary>
    public TrustPolicy Trust { get; init; } = TrustPolicy.None;

    /// <summary>The journal's path, published in xenstore for <c>actors history</c>; <see langword="null"/> without a file.</summary>
    public string? JournalPath { get; init; }

    /// <summary>The control socket's path, published in xenstore for commands; <see langword="null"/> when nothing listens.</summary>
    public string? ControlPath { get; init; }
}
