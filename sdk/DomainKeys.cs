using System.Globalization;

namespace Actors.Sdk;

/// <summary>The keys of a domain that actors and guests share, relative to <c>/local/domain/X</c>; amounts are KiB in decimal.</summary>
public static class DomainKeys
{
    /// <summary>Where the guest's balloon driver should go; written by a balloon actor alone.</summary>
    public const string BalloonTarget = "memory/target";

    /// <summary>Where the pager should take the footprint: KiB, in spite of its name (tools/xenpaging/xenpaging.c).</summary>
    public const string PagingTarget = "memory/target-tot_pages";

    /// <summary>The most that the guest was built for.</summary>
    public const string StaticMax = "memory/static-max";

    /// <summary>Memory of the emulated graphics card: in the footprint, but not in the balloon's target.</summary>
    public const string VideoRam = "memory/videoram";

    /// <summary>Whether the guest has a balloon driver, where its agent tells so (XAPI); under xl a guest cannot write it. Untrusted.</summary>
    public const string FeatureBalloon = "control/feature-balloon";

    /// <summary>
    /// With whom the domain may share pages: those whose key says the same. Absent or empty: with nobody. Written by the toolstack alone,
    /// because whoever shares pages can learn from its own writes what the others have in memory.
    /// </summary>
    public const string SharingGroup = "memory-policy/sharing-group";

    /// <summary>Reads an amount; <see langword="null"/> when the key is absent or no decimal number of KiB.</summary>
    public static async ValueTask<Kib?> ReadKibAsync(this IDomainStore store, string path, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var text = await store.ReadAsync(path, cancellation);
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? new Kib(value) : null;
    }

    /// <summary>Writes an amount.</summary>
    public static ValueTask WriteKibAsync(this IDomainStore store, string path, Kib amount, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.WriteAsync(path, amount.Value.ToString(CultureInfo.InvariantCulture), cancellation);
    }
}
