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
    public Knobs Knobs { get; init; } = Knobs.None;
    public string? StaticMax { get; init; }
    public NodePermissions? TargetPermissions { get; init; }
    public NodePermissions? ActorPermissions { get; init; }

    /// <summary>The hypervisor's word; <see langword="null"/> where only xenstore can be asked.</summary>
    public DomainInfo? Info { get; init; }

    /// <summary>
    /// Reads it, all in one send; what is known already is not asked for, because the daemon is one thread and every request costs it.
    /// There is no transaction: a later change to any key fires the watch again.
    /// </summary>
    public static async ValueTask<Situation> ReadAsync(IXenStore store, int domid, Knobs? known, CancellationToken cancellation)
    {
        ValueTask<byte[]?> target, actor, staticMax, timeout = default, floor = default;
        ValueTask<NodePermissions?> targetPermissions, actorPermissions;
        using (store.Batch())
        {
            target = store.TryReadAsync(PolicyKeys.Of(domid, PolicyKeys.Target), cancellation);
            actor = store.TryReadAsync(PolicyKeys.Of(domid, PolicyKeys.Actor), cancellation);
            staticMax = store.TryReadAsync($"{PolicyKeys.Domain(domid)}/{DomainKeys.StaticMax}", cancellation);
            targetPermissions = store.TryGetPermissionsAsync(PolicyKeys.Of(domid, PolicyKeys.Target), cancellation);
            actorPermissions = store.TryGetPermissionsAsync(PolicyKeys.Of(domid, PolicyKeys.Actor), cancellation);
            if (known is null)
            {
                timeout = store.TryReadAsync(PolicyKeys.Of(domid, PolicyKeys.Timeout), cancellation);
                floor = store.TryReadAsync(PolicyKeys.Of(domid, PolicyKeys.Floor), cancellation);
            }
        }
        return new Situation
        {
            Domid = domid,
            Target = Text(await target),
            Actor = Text(await actor),
            StaticMax = Text(await staticMax),
            TargetPermissions = await targetPermissions,
            ActorPermissions = await actorPermissions,
            Knobs = known ?? new Knobs(Text(await timeout), Text(await floor)),
        };
    }

    private static string? Text(byte[]? value) => value is null ? null : Encoding.UTF8.GetString(value);
}

/// <summary>The power user's keys, which hardly ever change.</summary>
/// <param name="Timeout">Seconds for the first step of a policy.</param>
/// <param name="Floor">KiB.</param>
internal sealed record Knobs(string? Timeout, string? Floor)
{
    public static Knobs None { get; } = new(null, null);
}

/// <summary>Which of a domain's keys may have changed.</summary>
[Flags]
internal enum KeyChanges
{
    None = 0,

    /// <summary>The target or the actor key.</summary>
    Wish = 1,

    /// <summary>The timeout or the floor.</summary>
    Knobs = 2,

    All = Wish | Knobs,
}
