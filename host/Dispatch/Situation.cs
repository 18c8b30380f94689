using System.Text;
using Actors.Sdk;
using Actors.XenStore;

namespace Actors.Host.Dispatch;

/// <summary>What is true of a domain at one moment, as far as a decision needs it: raw keys, and the hypervisor's word.</summary>
internal sealed record Situation
{
    public required int Domid { get; init; }
    public string? Target { get; init; }
    public string? Actor { get; init; }
    public string? Timeout { get; init; }
    public string? Floor { get; init; }
    public string? StaticMax { get; init; }
    public NodePermissions? TargetPermissions { get; init; }
    public NodePermissions? ActorPermissions { get; init; }

    /// <summary>The hypervisor's word; <see langword="null"/> where only xenstore can be asked.</summary>
    public DomainInfo? Info { get; init; }

    /// <summary>
    /// Reads it, all in one send. There is no transaction: a later change to any key fires the watch again.
    /// </summary>
    public static async ValueTask<Situation> ReadAsync(IXenStore store, int domid, CancellationToken cancellation)
    {
        ValueTask<byte[]?> target, actor, timeout, floor, staticMax;
        ValueTask<NodePermissions?> targetPermissions, actorPermissions;
        using (store.Batch())
        {
            target = store.TryReadAsync(PolicyKeys.Of(domid, PolicyKeys.Target), cancellation);
            actor = store.TryReadAsync(PolicyKeys.Of(domid, PolicyKeys.Actor), cancellation);
            timeout = store.TryReadAsync(PolicyKeys.Of(domid, PolicyKeys.Timeout), cancellation);
            floor = store.TryReadAsync(PolicyKeys.Of(domid, PolicyKeys.Floor), cancellation);
            staticMax = store.TryReadAsync($"{PolicyKeys.Domain(domid)}/{DomainKeys.StaticMax}", cancellation);
            targetPermissions = store.TryGetPermissionsAsync(PolicyKeys.Of(domid, PolicyKeys.Target), cancellation);
            actorPermissions = store.TryGetPermissionsAsync(PolicyKeys.Of(domid, PolicyKeys.Actor), cancellation);
        }
        return new Situation
        {
            Domid = domid,
            Target = Text(await target),
            Actor = Text(await actor),
            Timeout = Text(await timeout),
            Floor = Text(await floor),
            StaticMax = Text(await staticMax),
            TargetPermissions = await targetPermissions,
            ActorPermissions = await actorPermissions,
        };
    }

    private static string? Text(byte[]? value) => value is null ? null : Encoding.UTF8.GetString(value);
}
