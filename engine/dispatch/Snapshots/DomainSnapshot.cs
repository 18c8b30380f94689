using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Dispatch.Snapshots;

/// <summary>The state of a domain at one moment, as far as a decision needs it: raw xenstore keys, and what the hypervisor reports.</summary>
internal sealed record DomainSnapshot
{
    public required int Domid { get; init; }
    public string? Target { get; init; }
    public DomainSettings Settings { get; init; } = DomainSettings.None;
    public string? StaticMax { get; init; }
    public NodePermissions? TargetPermissions { get; init; }

    /// <summary>What the hypervisor reports; <see langword="null"/> where only xenstore is available.</summary>
    public DomainInfo? Info { get; init; }

    /// <summary>What was learned about the guest.</summary>
    public LearnedLimit? Learned { get; init; }

    /// <summary>All memory of the host. Set for dom0 only, whose max_mem usually has no bound.</summary>
    public Kib? HostTotal { get; init; }
}
