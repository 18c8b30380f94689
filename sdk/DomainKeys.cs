using System.Globalization;

namespace Actors.Sdk;

/// <summary>The keys of a domain that actors and guests share. Paths are relative to <c>/local/domain/X</c>; amounts are KiB in decimal.</summary>
public static class DomainKeys
{
    /// <summary>The target of the guest's balloon driver, in KiB. Only a balloon actor writes it.</summary>
    public const string BalloonTarget = "memory/target";

    /// <summary>
    /// The value that actors last wrote to <see cref="BalloonTarget"/>. Actors may only read it: the host supplies it. If the two differ,
    /// another program wrote <see cref="BalloonTarget"/>.
    /// </summary>
    public const string OwnBalloonTarget = "memory-policy/balloon-target";

    /// <summary>The footprint that the pager should bring the domain to. In KiB, despite its name (tools/xenpaging/xenpaging.c).</summary>
    public const string PagingTarget = "memory/target-tot_pages";

    /// <summary>The maximum that the guest was built for, in KiB.</summary>
    public const string StaticMax = "memory/static-max";

    /// <summary>The memory of the emulated graphics card, in KiB. It is part of the footprint, but not of the balloon's target.</summary>
    public const string VideoRam = "memory/videoram";

    /// <summary>Whether the guest has a balloon driver, if its agent reports that (XAPI). Under xl a guest cannot write this key. Do not trust it.</summary>
    public const string FeatureBalloon = "control/feature-balloon";

    /// <summary>
    /// The sharing group. A domain may share pages only with domains that have the same value here; if the key is absent or empty, it
    /// shares with none. Only the toolstack writes it, because a guest that shares pages can find out what the others have in memory.
    /// </summary>
    public const string SharingGroup = "memory-policy/sharing-group";

    /// <summary>Reads an amount. The result is <see langword="null"/> if the key is absent or is not a decimal number of KiB.</summary>
    public static async ValueTask<Kib?> ReadKibAsync(this IDomainStore store, string path, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var text = await store.ReadAsync(path, cancellation);
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? new Kib(value) : null;
    }

    /// <summary>Writes an amount as a decimal number of KiB.</summary>
    public static ValueTask WriteKibAsync(this IDomainStore store, string path, Kib amount, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.WriteAsync(path, amount.Value.ToString(CultureInfo.InvariantCulture), cancellation);
    }
}
