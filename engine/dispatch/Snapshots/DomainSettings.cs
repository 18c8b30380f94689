using Actors.XenStore;

namespace Actors.Dispatch.Snapshots;

/// <summary>The keys next to the target, which rarely change.</summary>
/// <param name="Actor">The actor key.</param>
/// <param name="Timeout">The time limit of a policy's first step, in seconds.</param>
/// <param name="Floor">The domain's own floor, in KiB.</param>
internal sealed record DomainSettings(string? Actor, string? Timeout, string? Floor)
{
    public static DomainSettings None { get; } = new(null, null, null);

    /// <summary>The permissions of each key, which show whether a guest could have written it.</summary>
    public IReadOnlyList<(string Key, NodePermissions? Permissions)> Permissions { get; init; } = [];
}
