using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>
/// Sets the target of the guest's driver. max_mem is raised before the target and lowered after it: a Linux driver that reaches max_mem gives
/// up, and only a different target wakes it.
/// </summary>
/// <param name="domain">The domain.</param>
/// <param name="maxMem">Sets its max_mem.</param>
/// <param name="stored">The record in xenstore.</param>
/// <param name="record">The record with what is known now.</param>
/// <param name="step">The amount of which each target is a multiple.</param>
internal sealed class BalloonOrder(IDomain domain, IMaxMem maxMem, BalloonRecord stored, BalloonRecord record, BalloonStep step)
{
    private static readonly Kib Page = new(Pages.KibPerPage);

    private BalloonRecord _stored = stored;

    /// <summary>The footprint that the guest should reach.</summary>
    public Kib Footprint { get; private set; }

    /// <summary>The value that was written to <c>memory/target</c>.</summary>
    public Kib Written { get; private set; }

    /// <summary>The value of <c>memory/videoram</c>, which is the offset as long as none was learned.</summary>
    public Kib VideoRam { get; init; }

    /// <summary>Whether the offset between footprint and balloon target was learned.</summary>
    public bool OffsetKnown => record.Offset is not null;

    private Kib Offset => record.Offset ?? VideoRam;

    /// <summary>The plan for a request.</summary>
    public BalloonPlan Plan(TargetRequest request, DomainInfo info, Kib start, Kib? need) => BalloonPlan.Of(request, Offset, info, start, need);

    /// <summary>
    /// Sets the driver's target to a footprint. Nothing here can be cancelled: without the record, a release could not
    /// restore the values found before.
    /// </summary>
    /// <param name="footprint">The footprint.</param>
    /// <param name="current">The value of <c>memory/target</c>.</param>
    /// <param name="info">What the hypervisor reports.</param>
    /// <param name="wake">Whether a driver that gave up must be woken: the value must then differ from the current one.</param>
    public async Task PlaceAsync(Kib footprint, Kib? current, DomainInfo info, bool wake)
    {
        // A host with little free memory may have granted less than whole steps.
        var exact = BalloonPlan.TargetFor(footprint, Offset, info);
        var target = step.Down(exact);
        footprint -= exact - target;
        if (wake && target == current)
            target = info.Populated > footprint ? target + Page : Kib.Max(Kib.Zero, target - Page);
        await StoreAsync(record with { Yielded = null }, CancellationToken.None);
        (Footprint, Written) = (footprint, target);
        if (BalloonPlan.MaxMemFor(footprint) > info.MaxMem)
            await maxMem.SetMaxMemAsync(BalloonPlan.MaxMemFor(footprint), CancellationToken.None);
        if (target != current)
            await domain.Store.WriteKibAsync(DomainKeys.BalloonTarget, target, CancellationToken.None);
    }

    /// <summary>Lowers max_mem once the guest is where it should be.</summary>
    public ValueTask SettleAsync(CancellationToken cancellation) => maxMem.SetMaxMemAsync(BalloonPlan.MaxMemFor(Footprint), cancellation);

    /// <summary>Gives a guest that cannot reach its target some headroom, unless another program has set its target meanwhile.</summary>
    /// <param name="start">The memory of the guest when the run started.</param>
    /// <returns>Whether the guest gets more than before.</returns>
    public async Task<bool> RelieveAsync(Kib start)
    {
        var footprint = Relief.Footprint((await domain.InspectAsync(CancellationToken.None)).Populated, start);
        return footprint > Footprint && await MoveAsync(footprint);
    }

    /// <summary>Sets the target to another footprint, and max_mem to what that needs.</summary>
    /// <returns>Whether this was done: not if another program has set the target meanwhile, or the domain does not run.</returns>
    public async Task<bool> MoveAsync(Kib footprint)
    {
        var info = await domain.InspectAsync(CancellationToken.None);
        var current = await domain.Store.ReadKibAsync(DomainKeys.BalloonTarget, CancellationToken.None);
        if (current != Written || info.State != DomainState.Running)
            return false;
        var exact = BalloonPlan.TargetFor(footprint, Offset, info);
        footprint += step.Up(exact) - exact;
        await PlaceAsync(footprint, current, info, wake: false);
        if (BalloonPlan.MaxMemFor(footprint) < info.MaxMem && info.Populated <= footprint)
            await SettleAsync(CancellationToken.None);
        return true;
    }

    /// <summary>Whether another footprint needs another target.</summary>
    public bool Differs(Kib footprint, DomainInfo info) => (step.Down(BalloonPlan.TargetFor(footprint, Offset, info)) - Written).Abs() > Page;

    /// <summary>Leaves the balloon to another program.</summary>
    public ValueTask YieldAsync(long serial, CancellationToken cancellation) => StoreAsync(_stored with { Yielded = serial }, cancellation);

    /// <summary>Explains that another program wrote the target.</summary>
    public string WhyYielded(Kib? target) => SecondWriter.Reason(target, Written);

    private async ValueTask StoreAsync(BalloonRecord next, CancellationToken cancellation)
    {
        if (next != _stored)
            await next.WriteAsync(domain, cancellation);
        _stored = next;
    }
}
