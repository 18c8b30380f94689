using Actors.Sdk;

namespace Actors.Loading.Containment;

/// <summary>What the operator granted to one plugin.</summary>
internal sealed record PluginGrant
{
    public static PluginGrant None { get; } = new();

    /// <summary>Whether it runs in the daemon's process.</summary>
    public bool InProcess { get; init; }

    /// <summary>The private memory of its process; <see langword="null"/> for what its manifest requests.</summary>
    public Kib? Memory { get; init; }

    /// <summary>Whether it may use the network, if it requests that.</summary>
    public bool Network { get; init; }

    /// <summary>Whether it may start programs, if it requests that.</summary>
    public bool Programs { get; init; }

    /// <summary>Whether it may be notified of all domains, if it requests that.</summary>
    public bool Domains { get; init; }

    /// <summary>Whether it may read and request the host's memory, if it requests that.</summary>
    public bool HostMemory { get; init; } = true;

    /// <summary>The mechanisms that it may use, of those that it requests; <see langword="null"/> for all of those.</summary>
    public IReadOnlyList<string>? Mechanisms { get; init; }

    public bool Equals(PluginGrant? other) => other is not null
        && (InProcess, Memory, Network, Programs, Domains, HostMemory) == (other.InProcess, other.Memory, other.Network, other.Programs, other.Domains, other.HostMemory)
        && (Mechanisms is null ? other.Mechanisms is null : other.Mechanisms is not null && Mechanisms.SequenceEqual(other.Mechanisms));

    public override int GetHashCode() => HashCode.Combine(InProcess, Memory, Network, Programs, Domains, HostMemory, Mechanisms?.Count);
}
