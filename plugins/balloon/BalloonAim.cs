using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>Where a guest's balloon is to go. Pure.</summary>
/// <param name="Footprint">The footprint at which it will be, with nothing paged out or shared.</param>
/// <param name="Target">What <c>memory/target</c> says then.</param>
/// <param name="Clipped">Why it does not go to the request's target; <see langword="null"/> when it does.</param>
internal sealed record BalloonAim(Kib Footprint, Kib Target, string? Clipped)
{
    // libxl allows a domain 1 MiB more than its target (LIBXL_MAXMEM_CONSTANT).
    private static readonly Kib MaxMemSlack = Kib.FromMiB(1);

    /// <summary>What max_mem must be at least on the way up, and should be when it is there.</summary>
    public Kib MaxMem => Footprint + MaxMemSlack;

    public static BalloonAim Of(TargetRequest request, Kib offset, DomainInfo info)
    {
        // A tmem pool is in the footprint, and not in the guest: it can neither live on it nor give it to its balloon.
        var pools = info.TmemPages.ToKib();
        var floor = request.Floor + pools;
        var footprint = Kib.Max(request.Target, floor);
        var clipped = request.Target >= floor
            ? null
            : $"the target {request.Target} is below what the guest needs, its floor of {request.Floor}"
              + (pools > Kib.Zero ? $" and {pools} in its tmem pools" : "") + $": its balloon is asked for {footprint} and no less";
        return new BalloonAim(footprint, Kib.Max(Kib.Zero, footprint - offset - pools), clipped);
    }

    /// <summary>What max_mem must be before <c>memory/target</c> is given back to what it was: what it was then, or what that takes now.</summary>
    public static Kib MaxMemFor(BalloonRecord found, Kib target, Kib offset, DomainInfo info) =>
        Kib.Max(found.FoundMaxMem ?? info.MaxMem, target + offset + info.TmemPages.ToKib() + MaxMemSlack);
}
