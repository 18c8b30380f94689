using System.Text;
using Actors.Dispatch.Domains;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Dispatch.Snapshots;

/// <summary>Reads the snapshot of a domain from xenstore and the hypervisor.</summary>
internal static class SnapshotReader
{
    /// <summary>Reads the keys and asks the hypervisor. Dom0 needs the host's total as well.</summary>
    /// <exception cref="DomainGoneException">The hypervisor does not know the domain.</exception>
    public static async ValueTask<DomainSnapshot> ReadAsync(
        HostServices services, int domid, DomainSettings? known, CancellationToken cancellation)
    {
        var hypervisor = services.Hypervisor;
        var snapshot = await ReadKeysAsync(services.Store, domid, known, cancellation);
        var info = await hypervisor.GetDomainAsync(domid, cancellation) ?? throw new DomainGoneException(domid);
        return snapshot with
        {
            Info = info,
            Learned = snapshot.Target is null ? null : await services.Learned.FindAsync(info.Uuid, cancellation),
            HostTotal = domid == 0 ? (await hypervisor.GetHostMemoryAsync(cancellation)).Total : null,
        };
    }

    /// <summary>
    /// Reads the keys in one batch. A transaction is not needed: a later change of any key fires the watch again. Known settings are
    /// not read again, because xenstored has one thread and every request costs it time. Events arrive in the order of the changes,
    /// so the event of a target comes after those of all settings that changed before it.
    /// </summary>
    public static async ValueTask<DomainSnapshot> ReadKeysAsync(IXenStore store, int domid, DomainSettings? known, CancellationToken cancellation)
    {
        ValueTask<byte[]?> target, staticMax;
        ValueTask<NodePermissions?> permissions;
        ValueTask<DomainSettings> settings;
        using (store.Batch())
        {
            target = store.TryReadAsync(PolicyKeys.Of(domid, PolicyKeys.Target), cancellation);
            permissions = store.TryGetPermissionsAsync(PolicyKeys.Of(domid, PolicyKeys.Target), cancellation);
            staticMax = store.TryReadAsync($"{PolicyKeys.Domain(domid)}/{DomainKeys.StaticMax}", cancellation);
            settings = known is null ? ReadSettingsAsync(store, domid, cancellation) : new(known);
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

    private static async ValueTask<DomainSettings> ReadSettingsAsync(IXenStore store, int domid, CancellationToken cancellation)
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
        return new DomainSettings(Text(await actor), Text(await timeout), Text(await floor))
        {
            Permissions = [(PolicyKeys.Actor, await ofActor), (PolicyKeys.Timeout, await ofTimeout), (PolicyKeys.Floor, await ofFloor)],
        };
    }

    private static string? Text(byte[]? value) => value is null ? null : Encoding.UTF8.GetString(value);
}
