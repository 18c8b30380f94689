using Actors.Dispatch.Domains;

namespace Actors.Host.Platforms;

/// <summary>The machine that the daemon manages, with its hypervisor and its xenstore; real or simulated.</summary>
internal interface IPlatform : IAsyncDisposable
{
    HostServices Services { get; }

    /// <summary>A description of the machine and its domains, as text for the log.</summary>
    string Description { get; }

    /// <summary>How to connect to its xenstore, as text for the log.</summary>
    string StoreHint { get; }

    /// <summary>The path of the socket for commands.</summary>
    string ControlPath { get; }

    /// <summary>The path of the file with the settings of its domains.</summary>
    string SettingsPath { get; }

    /// <summary>The path of the record of the plugins whose code works in the daemon's process.</summary>
    string MarkerPath { get; }

    /// <summary>A task that never ends while the machine works, and fails when it cannot continue.</summary>
    Task Completion { get; }
}
