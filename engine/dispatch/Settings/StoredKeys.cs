using Actors.Dispatch.Domains;
using Actors.Dispatch.Snapshots;

namespace Actors.Dispatch.Settings;

/// <summary>The keys that are stored by UUID.</summary>
internal static class StoredKeys
{
    /// <summary>The keys in the order in which they are restored. The target is the last one, because it is acted on.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        PolicyKeys.Actor, PolicyKeys.Timeout, PolicyKeys.Floor, PolicyKeys.Min, PolicyKeys.Max, PolicyKeys.Share, PolicyKeys.SharingGroup,
        PolicyKeys.LeftAlone, PolicyKeys.Target,
    ];

    /// <summary>The keys to store for a snapshot. A key that the guest could have written keeps its stored value.</summary>
    public static Dictionary<string, string> Of(DomainSnapshot snapshot, IReadOnlyDictionary<string, string> stored)
    {
        var untrusted = snapshot.Settings.Permissions.Append((Key: PolicyKeys.Target, Permissions: snapshot.TargetPermissions))
            .Where(key => key.Permissions is { WritableByGuests: true }).Select(key => key.Key).ToHashSet();
        var keys = new Dictionary<string, string>();
        foreach (var key in All)
        {
            if ((untrusted.Contains(key) ? stored.GetValueOrDefault(key) : ValueOf(snapshot, key)) is { } value)
                keys[key] = value;
        }
        return keys;
    }

    /// <summary>The value of a key with its unit, for people.</summary>
    public static string Describe(string key, string value) => key switch
    {
        PolicyKeys.Timeout => $"{key} {value} s",
        PolicyKeys.Target or PolicyKeys.Floor or PolicyKeys.Min or PolicyKeys.Max => $"{key} {value} KiB",
        PolicyKeys.LeftAlone => "left alone",
        _ => $"{key} {value}",
    };

    private static string? ValueOf(DomainSnapshot snapshot, string key) => key switch
    {
        PolicyKeys.Target => snapshot.Target,
        PolicyKeys.Actor => snapshot.Settings.Actor,
        PolicyKeys.Timeout => snapshot.Settings.Timeout,
        PolicyKeys.Floor => snapshot.Settings.Floor,
        PolicyKeys.Min => snapshot.Settings.Min,
        PolicyKeys.Max => snapshot.Settings.Max,
        PolicyKeys.Share => snapshot.Settings.Share,
        PolicyKeys.SharingGroup => snapshot.Settings.SharingGroup,
        _ => snapshot.Settings.LeftAlone,
    };
}
