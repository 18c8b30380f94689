using Actors.Dispatch.Domains;
using Actors.Host.Settings;
using Actors.Loading.Containment;

namespace Actors.Host.Daemon;

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
    public Func<HostServices, PluginContainment> Containment { get; init; } = PluginContainment.OnLoop;

    /// <summary>Told in xenstore, so that <c>actors history</c> finds it; <see langword="null"/> when there is no file.</summary>
    public string? JournalPath { get; init; }

    /// <summary>Told in xenstore, so that commands find it; <see langword="null"/> where nothing listens.</summary>
    public string? ControlPath { get; init; }
}
