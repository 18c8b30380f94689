using Actors.Dispatch.Domains;

namespace Actors.Host.Platforms;

/// <summary>What the daemon stands on: a machine with its hypervisor and its xenstore, real or simulated.</summary>
internal interface IPlatform : IAsyncDisposable
{
    HostServices Ground { get; }

    /// <summary>What it is and what is on it, for a person.</summary>
    string Description { get; }

    /// <summary>How to reach its xenstore, for a person.</summary>
    string StoreHint { get; }

    /// <summary>Where the daemon's own commands reach it.</summary>
    string ControlPath { get; }

    /// <summary>Never done while the machine lives; fails when it cannot go on.</summary>
    Task Completion { get; }
}
