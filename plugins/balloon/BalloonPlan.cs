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

    /// <summary>Plans a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="offset">The memory that the domain holds in addition to its balloon target.</param>
    /// <param name="info">What the hypervisor reports.</param>
    /// <param name="start">The memory of the guest when the run started; <see langword="null"/> if it starts now.</param>
    /// <param name="need">The footprint that the guest needs by its own report; <see langword="null"/> if it reports none.</param>
    public static BalloonPlan Of(TargetRequest request, Kib offset, DomainInfo info, Kib? start = null, Kib? need = null)
    {
        // A tmem pool is part of the footprint but not of the guest's own memory: the guest cannot use it or give it to its balloon.
        var pools = info.TmemPages.ToKib();
        var lowest = request.Floor + pools;
        string? why = $"the target {request.Target} is below the guest's floor of {request.Floor}" + (pools > Kib.Zero ? $" plus {pools} in its tmem pools" : "");
        // An explicit floor comes from someone who knows the guest better. Otherwise the balloon leaves a guest what it needs; a pager may go lower.
        if (!request.FloorIsExplicit)
        {
            if (request.Learned is { } learned && learned.Footprint + Relief.Headroom(learned.Footprint) is var enough && enough > lowest)
                (lowest, why) = (enough, $"the guest needs more than {request.Target}: {learned.Reason}");
            if (need > lowest)
                (lowest, why) = (need.Value, $"the guest reports that it needs {need}");
            // A guest never becomes larger than it was, whatever it needs.
            lowest = Kib.Min(lowest, Kib.Max(request.Floor + pools, start ?? info.Populated));
        }
        var exact = Kib.Max(request.Target, lowest);
        var (step, inBalloon) = (BalloonStep.Of(request.Argument), TargetFor(exact, offset, info));
        var target = step.Nearest(inBalloon);
        if (exact - inBalloon + target < lowest)
            target = step.Up(inBalloon);
        var footprint = exact - inBalloon + target;
        if (request.Target >= lowest)
            why = (footprint - request.Target).Abs() > request.Tolerance ? $"balloon:{request.Argument} moves in steps of {step.Size}" : null;
        return new BalloonPlan(footprint, target, why is null ? null : $"{why}: the balloon stops at {footprint}");
    }

    /// <summary>The value of <c>memory/target</c> for a footprint.</summary>
    public static Kib TargetFor(Kib footprint, Kib offset, DomainInfo info) => Kib.Max(Kib.Zero, footprint - offset - info.TmemPages.ToKib());

    /// <summary>The least value of max_mem while the guest grows to a footprint, and its value once the guest is there.</summary>
    public static Kib MaxMemFor(Kib footprint) => footprint + MaxMemSlack;

    /// <summary>The value of max_mem before <c>memory/target</c> is restored: the value found at the start, or more if the restored target needs it.</summary>
    public static Kib MaxMemFor(BalloonRecord found, Kib target, Kib offset, DomainInfo info) =>
        Kib.Max(found.FoundMaxMem ?? info.MaxMem, target + offset + info.TmemPages.ToKib() + MaxMemSlack);
}
