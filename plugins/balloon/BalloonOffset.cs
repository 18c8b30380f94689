using System.Globalization;
using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>
/// What a domain holds besides its balloon's target: video memory, and what was allocated for it when it was built. A constant of
/// the domain's life, so it is learned once, from the target that the toolstack had set, and kept in xenstore.
/// </summary>
internal static class BalloonOffset
{
    private const string Key = "memory-policy/balloon/offset";

    // More than that is no offset: the guest was on its way somewhere, or never had a driver.
    private static readonly Kib Plausible = Kib.FromMiB(32);

    public static async ValueTask<Kib> LearnAsync(IDomain domain, DomainInfo info, CancellationToken cancellation)
    {
        var known = await domain.Store.ReadAsync(Key, cancellation);
        if (long.TryParse(known, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var offset))
            return new Kib(offset);
        var target = await domain.Store.ReadKibAsync(DomainKeys.BalloonTarget, cancellation);
        var video = await domain.Store.ReadKibAsync(DomainKeys.VideoRam, cancellation) ?? Kib.Zero;
        var learned = Learn(info.Populated, target, video);
        await domain.Store.WriteAsync(Key, learned.Value.ToString(CultureInfo.InvariantCulture), cancellation);
        return learned;
    }

    public static Kib Learn(Kib populated, Kib? target, Kib video) =>
        target is { } asked && (populated - asked - video).Abs() <= Plausible ? populated - asked : video;
}
