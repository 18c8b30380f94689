using Actors.XenStore;

namespace Actors.Dispatch.Snapshots;

/// <summary>The keys of a domain, other than the target, that decide about it. They rarely change.</summary>
/// <param name="Actor">The actor key.</param>
/// <param name="Timeout">The time limit of a policy's first step, in seconds.</param>
/// <param name="Floor">The domain's own floor, in KiB.</param>
internal sealed record DomainSettings(string? Actor, string? Timeout, string? Floor)
{
    public static DomainSettings None { get; } = new(null, null, null);

    /// <summary>The domain's name, by which it belongs to a class.</summary>
    public string? Name { get; init; }

    /// <summary>The maximum that the guest was built for, in KiB.</summary>
    public string? StaticMax { get; init; }

    /// <summary>The lowest target that a controller may choose, in KiB.</summary>
    public string? Min { get; init; }

    /// <summary>The highest target that a controller may choose, in KiB.</summary>
    public string? Max { get; init; }

    /// <summary>The weight of the domain when a controller divides memory; 0 excludes it.</summary>
    public string? Share { get; init; }

    public string? SharingGroup { get; init; }

    /// <summary>The foreign value of <c>memory/target</c> because of which the domain is left alone.</summary>
    public string? LeftAlone { get; init; }

    /// <summary>The permissions of each key that exists, which show whether a guest could have written it.</summary>
    public IReadOnlyList<(string Key, NodePermissions? Permissions)> Permissions { get; init; } = [];
}
