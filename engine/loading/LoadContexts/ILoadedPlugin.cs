using Actors.Isolation.Messages;
using Actors.Loading.Metrics;
using Actors.Sdk;

namespace Actors.Loading.LoadContexts;

/// <summary>A loaded version of a plugin: in this process or in one of its own.</summary>
internal interface ILoadedPlugin
{
    /// <summary>The actors by name; empty once the plugin is unloaded.</summary>
    IReadOnlyDictionary<string, IActor> Actors { get; }

    /// <summary>Completes when the plugin can serve; fails with a <see cref="Files.PluginException"/> if it cannot.</summary>
    Task Ready { get; }

    /// <summary>Its processes; <see langword="null"/> if it runs in this one.</summary>
    PluginProcessStatus? Process => null;

    /// <summary>Raised when the plugin can serve again after its process ended. Code in this process ends with it.</summary>
    event Action? Restarted
    {
        add
        {
        }
        remove
        {
        }
    }

    /// <summary>Its own metrics.</summary>
    IReadOnlyList<PluginMetric> Metrics { get; }

    /// <summary>Gives the plugin new settings. Returns their problems; then the plugin keeps the old ones.</summary>
    Task<IReadOnlyList<string>> ConfigureAsync(SettingsBody? settings);

    /// <summary>Whether the plugin wants to be notified of domains; known once it is ready.</summary>
    bool ObservesDomains { get; }

    /// <summary>Notifies the plugin of a domain that has appeared or disappeared.</summary>
    Task NotifyAsync(DomainIdentity domain, bool exists, CancellationToken cancellation);

    /// <summary>The names of the mechanisms of its own; known once it is ready.</summary>
    IReadOnlyList<string> OwnMechanisms { get; }

    /// <summary>Has the plugin dispose of its own mechanisms for a domain that has disappeared.</summary>
    Task EndDomainAsync(DomainIdentity domain, CancellationToken cancellation);

    /// <summary>Has the plugin dispose of all its own mechanisms.</summary>
    Task EndMechanismsAsync();

    /// <summary>Drops the plugin's code. The result reports later whether it is gone.</summary>
    IUnloadedPlugin Unload();
}

/// <summary>What is left of a plugin that was unloaded.</summary>
internal interface IUnloadedPlugin
{
    /// <summary>Whether its code is gone from memory.</summary>
    bool IsGone { get; }

    /// <summary>Removes its files.</summary>
    void CleanUp();
}

/// <summary>The processes of a plugin.</summary>
/// <param name="Id">The number of the process; 0 while there is none.</param>
/// <param name="Starts">How often it was started.</param>
/// <param name="PrivateMemory">Its private memory, in bytes.</param>
/// <param name="MissingLimits">The limits that could not be set, each with the reason.</param>
internal sealed record PluginProcessStatus(int Id, int Starts, long PrivateMemory, IReadOnlyList<string> MissingLimits)
{
    /// <summary>What its cgroup lets it use; <see langword="null"/> if it has none of its own.</summary>
    public string? Group { get; init; }
}
