using System.Text;
using Actors.Dispatch.Domains;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Dispatch.Decisions;

/// <summary>What is true of a domain at one moment, as far as a decision needs it: raw keys, and the hypervisor's word.</summary>
internal sealed record DomainSnapshot
{
    public required int Domid { get; init; }
    public string? Target { get; init; }
    public DomainSettings Settings { get; init; } = DomainSettings.None;
    public string? StaticMax { get; init; }
    public NodePermissions? TargetPermissions { get; init; }

    /// <summary>The hypervisor's word; <see langword="null"/> where only xenstore can be asked.</summary>
    public DomainInfo? Info { get; init; }

    /// <summary>All memory of the host, where the domain's own bounds may say more.</summary>
    public Kib? Machine { get; init; }

    /// <summary>
    /// Reads it, all in one send. There is no transaction: a later change to any key fires the watch again. Settings that are known
    /// are not asked for again, because the daemon is one thread and every request costs it: events come in the order of the changes,
    /// so whoever hears of a target has heard of every setting that was changed before it.
    /// </summary>
    public static async ValueTask<DomainSnapshot> ReadAsync(IXenStore store, int domid, DomainSettings? known, CancellationToken cancellation)
    {
        ValueTask<byte[]?> target, staticMax;
        ValueTask<NodePermissions?> permissions;
        ValueTask<DomainSettings> settings;
        using (store.Batch())
        {
            target = store.TryReadAsync(PolicyKeys.Of(domid, PolicyKeys.Target), cancellation);
            permissions = store.TryGetPermissionsAsync(PolicyKeys.Of(domid, PolicyKeys.Target), cancellation);
            staticMax = store.TryReadAsync($"{PolicyKeys.Domain(domid)}/{DomainKeys.StaticMax}", cancellation);
            settings = known is null ? DomainSettings.ReadAsync(store, domid, cancellation) : new(known);
        }
        return new DomainSnapshot
        {
            Domid = domid,
            Target = Text(await target),
            TargetPermissions = await permissions,
            StaticMax = Text(await staticMax),
            Settings = await settings,
        };
    }

    public static string? Text(byte[]? value) => value is null ? null : Encoding.UTF8.GetString(value);
}

/// <summary>What stands beside the target and hardly ever changes: who acts, and the power user's keys.</summary>
/// <param name="Actor">The actor key.</param>
/// <param name="Timeout">Seconds for the first step of a policy.</param>
/// <param name="Floor">KiB.</param>
internal sealed record DomainSettings(string? Actor, string? Timeout, string? Floor)
{
    public static DomainSettings None { get; } = new(null, null, null);

    /// <summary>Who could have written each of them.</summary>
    public IReadOnlyList<(string Key, NodePermissions? Permissions)> Permissions { get; init; } = [];

    public static async ValueTask<DomainSettings> ReadAsync(IXenStore store, int domid, CancellationToken cancellation)
    {
        ValueTask<byte[]?> actor, timeout, floor;
        ValueTask<NodePermissions?> ofActor, ofTimeout, ofFloor;
        using (store.Batch())
        {
            actor = store.TryReadAsync(PolicyKeys.Of(domid, PolicyKeys.Actor), cancellation);
            ofActor = store.TryGetPermissionsAsync(PolicyKeys.Of(domid, PolicyKeys.Actor), cancellation);
            timeout = store.TryReadAsync(PolicyKeys.Of(domid, PolicyKeys.Timeout), cancellation);
            ofTimeout = store.TryGetPermissionsAsync(PolicyKeys.Of(domid, PolicyKeys.Timeout), cancellation);
            floor = store.TryReadAsync(PolicyKeys.Of(domid, PolicyKeys.Floor), cancellation);
            ofFloor = store.TryGetPermissionsAsync(PolicyKeys.Of(domid, PolicyKeys.Floor), cancellation);
        }
        return new DomainSettings(DomainSnapshot.Text(await actor), DomainSnapshot.Text(await timeout), DomainSnapshot.Text(await floor))
        {
            Permissions = [(PolicyKeys.Actor, await ofActor), (PolicyKeys.Timeout, await ofTimeout), (PolicyKeys.Floor, await ofFloor)],
        };
    }
}

/// <summary>Which of a domain's keys may have changed.</summary>
internal enum KeyChange
{
    /// <summary>None that says what is wanted.</summary>
    None,

    Target,

    /// <summary>One of the settings; the target perhaps as well.</summary>
    Settings,

    /// <summary>No key, but what its names mean: a plugin or a policy came, changed or went.</summary>
    Meaning,
}
