using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>The balloon target for a request. Pure.</summary>
/// <param name="Footprint">The footprint that the domain will have then, if nothing is paged out or shared.</param>
/// <param name="Target">The value to write to <c>memory/target</c>.</param>
/// <param name="Clipped">Why the plan stops short of the request's target; <see langword="null"/> if it does not.</param>
internal sealed record BalloonPlan(Kib Footprint, Kib Target, string? Clipped)
{
    // libxl allows a domain 1 MiB more than its target (LIBXL_MAXMEM_CONSTANT).
    private static readonly Kib MaxMemSlack = Kib.FromMiB(1);

    /// <summary>The least value of max_mem while the guest grows, and its value once the target is reached.</summary>
    public Kib MaxMem => Footprint + MaxMemSlack;

    public static BalloonPlan Of(TargetRequest request, Kib offset, DomainInfo info)
    {
        // A tmem pool is part of the footprint but not of the guest's own memory: the guest cannot use it or give it to its balloon.
        var pools = info.TmemPages.ToKib();
        var floor = request.Floor + pools;
        var footprint = Kib.Max(request.Target, floor);
        var clipped = request.Target >= floor
            ? null
            : $"the target {request.Target} is below the guest's floor of {request.Floor}"
              + (pools > Kib.Zero ? $" plus {pools} in its tmem pools" : "") + $": the balloon stops at {footprint}";
        return new BalloonPlan(footprint, Kib.Max(Kib.Zero, footprint - offset - pools), clipped);
    }

    /// <summary>The value of max_mem before <c>memory/target</c> is restored: the value found at the start, or more if the restored target needs it.</summary>
    public static Kib MaxMemFor(BalloonRecord found, Kib target, Kib offset, DomainInfo info) =>
        Kib.Max(found.FoundMaxMem ?? info.MaxMem, target + offset + info.TmemPages.ToKib() + MaxMemSlack);
}
