using System.Text;
using Actors.Dispatch.Domains;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Dispatch.Snapshots;

/// <summary>Reads the snapshot of a domain from xenstore and the hypervisor.</summary>
internal static class SnapshotReader
{
    private static readonly string[] Settings =
    [
        PolicyKeys.Actor, PolicyKeys.Timeout, PolicyKeys.Floor, PolicyKeys.Min, PolicyKeys.Max, PolicyKeys.Share, PolicyKeys.SharingGroup, PolicyKeys.LeftAlone,
    ];

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
        ValueTask<byte[]?> target;
        ValueTask<NodePermissions?> permissions;
        ValueTask<DomainSettings> settings;
        using (store.Batch())
        {
            target = store.TryReadAsync(PolicyKeys.Of(domid, PolicyKeys.Target), cancellation);
            permissions = store.TryGetPermissionsAsync(PolicyKeys.Of(domid, PolicyKeys.Target), cancellation);
            settings = known is null ? ReadSettingsAsync(store, domid, cancellation) : new(known);
        }
        var read = await settings;
        return new DomainSnapshot
        {
            Domid = domid,
            Target = Text(await target),
            TargetPermissions = await permissions,
            StaticMax = read.StaticMax,
            Settings = read,
        };
    }

    private static async ValueTask<DomainSettings> ReadSettingsAsync(IXenStore store, int domid, CancellationToken cancellation)
    {
        var name = store.TryReadTextAsync(PolicyKeys.NameOf(domid), cancellation);
        var staticMax = store.TryReadAsync($"{PolicyKeys.Domain(domid)}/{DomainKeys.StaticMax}", cancellation);
        var values = await ReadAllAsync(store, Settings, key => store.TryReadAsync(PolicyKeys.Of(domid, key), cancellation).AsTask());
        string? Value(string key) => Text(values[key]);
        var permissions = await ReadAllAsync(
            store, Settings.Where(key => values[key] is not null), key => store.TryGetPermissionsAsync(PolicyKeys.Of(domid, key), cancellation).AsTask());
        return new DomainSettings(Value(PolicyKeys.Actor), Value(PolicyKeys.Timeout), Value(PolicyKeys.Floor))
        {
            Name = await name,
            StaticMax = Text(await staticMax),
            Min = Value(PolicyKeys.Min),
            Max = Value(PolicyKeys.Max),
            Share = Value(PolicyKeys.Share),
            SharingGroup = Value(PolicyKeys.SharingGroup),
            LeftAlone = Value(PolicyKeys.LeftAlone),
            Permissions = [.. permissions.Select(one => (one.Key, one.Value))],
        };
    }

    private static async Task<Dictionary<string, T>> ReadAllAsync<T>(IXenStore store, IEnumerable<string> keys, Func<string, Task<T>> read)
    {
        List<(string Key, Task<T> Reply)> requests;
        using (store.Batch())
            requests = [.. keys.Select(key => (key, read(key)))];
        var replies = new Dictionary<string, T>();
        foreach (var (key, reply) in requests)
            replies[key] = await reply;
        return replies;
    }

    private static string? Text(byte[]? value) => value is null ? null : Encoding.UTF8.GetString(value);
}
