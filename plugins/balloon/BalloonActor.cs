using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>
/// Asks the guest's balloon driver through <c>memory/target</c> and watches what the hypervisor says of it. max_mem is raised
/// before the target and lowered after it.
/// </summary>
[Actor("balloon")]
internal sealed class BalloonActor : IActor
{
    // As squeezed: a driver that moves nothing for 5 s is taken for stuck.
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    // libxl allows a domain 1 MiB more than its target (LIBXL_MAXMEM_CONSTANT).
    private static readonly Kib MaxMemSlack = Kib.FromMiB(1);

    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        var offer = domain.GetMechanism<IMaxMem>();
        var info = await domain.InspectAsync(cancellation);
        if (!offer.Available)
            return Outcome.Unable(info.Footprint, offer.WhyNot);

        var offset = await BalloonOffset.LearnAsync(domain, info, cancellation);
        var ceiling = request.Target + MaxMemSlack;
        if (ceiling > info.MaxMem)
            await offer.Mechanism.SetMaxMemAsync(ceiling, cancellation);
        await AskAsync(domain, request, request.Target - offset, info, cancellation);

        var outcome = await WatchAsync(domain, request, info, cancellation);
        if (outcome.Kind == OutcomeKind.Reached)
            await offer.Mechanism.SetMaxMemAsync(ceiling, cancellation);
        return outcome;
    }

    public async Task ReleaseAsync(IDomain domain, CancellationToken cancellation)
    {
        if (await BalloonMemory.FoundAsync(domain, cancellation) is not { } before)
            return;
        var info = await domain.InspectAsync(cancellation);
        var offset = await BalloonOffset.LearnAsync(domain, info, cancellation);
        if (domain.GetMechanism<IMaxMem>() is { Available: true } offer)
            await offer.Mechanism.SetMaxMemAsync(Kib.Max(info.MaxMem, before + offset + MaxMemSlack), cancellation);
        await domain.Store.WriteKibAsync(DomainKeys.BalloonTarget, before, cancellation);
        await BalloonMemory.ForgetAsync(domain, cancellation);
    }

    public ValueTask DisposeAsync() => default;

    private static async Task AskAsync(IDomain domain, TargetRequest request, Kib target, DomainInfo info, CancellationToken cancellation)
    {
        var asked = await domain.Store.ReadKibAsync(DomainKeys.BalloonTarget, cancellation);
        await BalloonMemory.RememberAsync(domain, asked, cancellation);
        // A Linux driver that gave up is woken by a different target alone.
        if (asked == target && !request.IsReachedBy(info.Populated))
            await domain.Store.WriteKibAsync(DomainKeys.BalloonTarget, target + new Kib(Pages.KibPerPage), cancellation);
        if (asked != target || !request.IsReachedBy(info.Populated))
            await domain.Store.WriteKibAsync(DomainKeys.BalloonTarget, target, cancellation);
    }

    private static async Task<Outcome> WatchAsync(IDomain domain, TargetRequest request, DomainInfo start, CancellationToken cancellation)
    {
        var motion = new Motion(start.Populated, request.Target, domain.Time.GetTimestamp());
        while (true)
        {
            var info = await domain.InspectAsync(cancellation);
            domain.Report(new Progress(info.Footprint, "waiting for the guest's balloon driver"));
            if (request.IsReachedBy(info.Populated))
                return Outcome.Reached(info.Footprint, HowReached(start.Populated, info.Populated)) with { Alone = info.Populated };
            if (info.State != DomainState.Running)
                return Outcome.Short(info.Footprint, $"the domain is {info.State.ToString().ToLowerInvariant()}, so its balloon driver cannot act");
            motion = motion.See(info.Populated, domain.Time.GetTimestamp());
            if (domain.Time.GetElapsedTime(motion.LastMoved) >= StuckAfter)
                return Outcome.Short(info.Footprint, motion.WhyStuck(info.Populated));
            await Task.Delay(Look, domain.Time, cancellation);
        }
    }

    private static string HowReached(Kib start, Kib now) =>
        (start - now).Abs() < Kib.FromMiB(1) ? "the guest is there already" : $"the balloon went from {start} to {now}";
}
